//! Cuts the byte stream into tokens as it arrives.
//!
//! Because this is done at arrival, a real-time command is seen ahead of a full buffer, and
//! bytes that look like one inside picture data or parameters are data, as on real machines.

use super::grammar::{Head, head};
use super::token::{Arrived, ImageHead, Token};

/// Keeps what has arrived of an unfinished token.
#[derive(Debug, Default)]
pub struct Tokenizer {
    pending: Vec<u8>,
    image: Option<Image>,
}

#[derive(Debug)]
struct Image {
    stride: usize,
    rows_left: usize,
}

impl Tokenizer {
    /// Takes one byte; returns what it completed.
    pub fn push(&mut self, byte: u8) -> Option<Arrived> {
        self.pending.push(byte);
        if let Some(image) = &mut self.image {
            if self.pending.len() < image.stride {
                return None;
            }
            image.rows_left -= 1;
            if image.rows_left == 0 {
                self.image = None;
            }
            return Some(Arrived::Queued(Token::ImageRow(std::mem::take(
                &mut self.pending,
            ))));
        }
        match head(&self.pending) {
            Head::More => None,
            Head::RealTime(command) => {
                self.pending.clear();
                Some(Arrived::RealTime(command))
            }
            Head::Unknown => {
                let bytes = std::mem::take(&mut self.pending);
                Some(Arrived::Queued(Token::Unknown(bytes)))
            }
            Head::Image(image) => {
                self.begin(image);
                self.pending.clear();
                Some(Arrived::Queued(Token::Image(image)))
            }
            Head::Text(byte) => {
                self.pending.clear();
                Some(Arrived::Queued(Token::Text(byte)))
            }
            Head::Command(command) => {
                self.pending.clear();
                Some(Arrived::Queued(Token::Command(command)))
            }
        }
    }

    /// Bytes of the token that is not complete yet.
    pub fn unfinished(&self) -> usize {
        self.pending.len()
    }

    fn begin(&mut self, image: ImageHead) {
        self.image = Some(Image {
            stride: image.stride,
            rows_left: image.height,
        });
    }
}

#[cfg(test)]
#[path = "tokenizer_tests.rs"]
mod tests;
