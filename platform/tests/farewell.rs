//! Told to stop, the platform takes nothing new and finishes what is under way.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use support::process::Site;
use support::sm3_hex;

#[test]
fn a_page_that_is_under_way_arrives_before_the_platform_ends() {
    let site = Site::set_up(None);
    let process = site.start();
    let host = process.url["http://".len()..].trim_end_matches('/');
    let page = vec![7; 100_000];
    let (first, rest) = page.split_at(40_000);
    let mut line = TcpStream::connect(host).unwrap();
    line.set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    write!(
        line,
        "PUT /v1/pages/{} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        sm3_hex(&page),
        page.len()
    )
    .unwrap();
    // The platform asks for the body only when it has begun with the request.
    let mut answers = BufReader::new(line.try_clone().unwrap()).lines();
    assert_eq!(answers.next().unwrap().unwrap(), "HTTP/1.1 100 Continue");
    line.write_all(first).unwrap();

    process.tell_to_stop();
    let patience = Instant::now() + Duration::from_secs(4);
    while TcpStream::connect(host).is_ok() {
        assert!(Instant::now() < patience, "it still takes new requests");
        std::thread::yield_now();
    }
    line.write_all(rest).unwrap();
    let status = answers.map(Result::unwrap).find(|line| !line.is_empty());
    assert_eq!(status.unwrap(), "HTTP/1.1 201 Created");
    assert!(process.ended().success());
}
