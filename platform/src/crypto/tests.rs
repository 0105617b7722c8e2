//! The platform's cryptography against OpenSSL, published vectors and tampering.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jinban_api::keys::KeyUsage;
use proptest::prelude::*;

use super::*;

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

/// Runs `openssl`; `None`, loudly, when it is not installed.
fn openssl(arguments: &[&str], input: &[u8]) -> Option<Output> {
    let spawned = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = spawned else {
        eprintln!("SKIPPED: openssl is not installed");
        return None;
    };
    child.stdin.take().unwrap().write_all(input).unwrap();
    Some(child.wait_with_output().unwrap())
}

fn good(output: Output) -> Vec<u8> {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Reads one DER `INTEGER` or `OCTET STRING` or `SEQUENCE` with a short or one-byte length.
fn der_value(der: &[u8], tag: u8) -> (&[u8], &[u8]) {
    assert_eq!(der[0], tag);
    let (length, head) = match der[1] {
        0x81 => (usize::from(der[2]), 3),
        short => (usize::from(short), 2),
    };
    (&der[head..head + length], &der[head + length..])
}

/// A DER integer as 32 bytes.
fn der_32(der: &[u8]) -> ([u8; 32], &[u8]) {
    let (value, rest) = der_value(der, 0x02);
    let mut fixed = [0; 32];
    let value = if value.len() > 32 { &value[1..] } else { value };
    fixed[32 - value.len()..].copy_from_slice(value);
    (fixed, rest)
}

#[test]
fn sm4_gcm_opens_the_vector_of_rfc_8998_a1() {
    let key: [u8; 16] = unhex("0123456789ABCDEFFEDCBA9876543210")
        .try_into()
        .unwrap();
    let nonce: [u8; 12] = unhex("00001234567800000000ABCD").try_into().unwrap();
    let additional = unhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2");
    let plain = unhex(concat!(
        "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD",
        "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA"
    ));
    let sealed = unhex(concat!(
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735",
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D",
        "83DE3541E4C2B58177E065A9BF7B62EC"
    ));
    assert_eq!(
        *gcm::open(&key, nonce, &additional, &sealed).unwrap(),
        plain
    );
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(
            gcm::open(&key, nonce, &additional, &changed).is_none(),
            "{at}"
        );
    }
    assert!(gcm::open(&key, nonce, b"", &sealed).is_none());
    assert!(gcm::open(&key, nonce, b"", &sealed[..15]).is_none());
}

#[test]
fn sm4_gcm_uses_the_keystream_that_openssl_counts() {
    // GCM encrypts with CTR from counter 2 on; OpenSSL has SM4-CTR but not SM4-GCM everywhere.
    let counter = "00001234567800000000abcd00000002";
    let key = "0123456789abcdeffedcba9876543210";
    let sealed = unhex(concat!(
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735",
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
    ));
    let arguments = ["enc", "-sm4-ctr", "-d", "-K", key, "-iv", counter];
    let Some(output) = openssl(&arguments, &sealed) else {
        return;
    };
    let plain = concat!(
        "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD",
        "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA"
    );
    assert_eq!(good(output), unhex(plain));
}

#[test]
fn sm3_agrees_with_openssl_and_with_the_standard() {
    assert_eq!(
        hex(&sm3_of(b"abc")),
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    );
    for bytes in [b"".as_slice(), b"abc", &[0xA5; 1000]] {
        let Some(output) = openssl(&["dgst", "-sm3", "-binary"], bytes) else {
            return;
        };
        assert_eq!(good(output), sm3_of(bytes));
    }
}

#[test]
fn openssl_verifies_what_the_platform_signs() {
    let dir = tempfile::tempdir().unwrap();
    let keys = PlatformKeyPairs::open(dir.path()).unwrap();
    let public = dir.path().join("public.pem");
    let signature = dir.path().join("signature.der");
    let published = &keys.published().keys[1];
    assert_eq!(published.usage, KeyUsage::Sign);
    std::fs::write(&public, &published.public_key).unwrap();
    let raw = STANDARD.decode(keys.sign(b"message").unwrap()).unwrap();
    assert_eq!(raw.len(), 64);
    std::fs::write(&signature, der_signature(&raw)).unwrap();
    let arguments = [
        "dgst",
        "-sm3",
        "-verify",
        text(&public),
        "-sigopt",
        "distid:1234567812345678",
        "-signature",
        text(&signature),
    ];
    let Some(output) = openssl(&arguments, b"message") else {
        return;
    };
    good(output);
    let forged = openssl(&arguments, b"massage").unwrap();
    assert!(!forged.status.success());
}

fn der_signature(raw: &[u8]) -> Vec<u8> {
    let integer = |bytes: &[u8]| {
        let from = bytes.iter().position(|byte| *byte != 0).unwrap();
        let mut value = bytes[from..].to_vec();
        if value[0] & 0x80 != 0 {
            value.insert(0, 0);
        }
        [&[0x02, value.len() as u8], value.as_slice()].concat()
    };
    let body = [integer(&raw[..32]), integer(&raw[32..])].concat();
    [&[0x30, body.len() as u8], body.as_slice()].concat()
}

#[test]
fn a_signature_that_openssl_made_verifies() {
    let dir = tempfile::tempdir().unwrap();
    let secret = dir.path().join("secret.pem");
    let arguments = ["genpkey", "-algorithm", "SM2", "-out", text(&secret)];
    let Some(output) = openssl(&arguments, b"") else {
        return;
    };
    good(output);
    let pem = good(openssl(&["pkey", "-in", text(&secret), "-pubout"], b"").unwrap());
    let key = TerminalKey::from_pem(std::str::from_utf8(&pem).unwrap()).unwrap();

    let der = good(
        openssl(
            &["pkey", "-in", text(&secret), "-pubout", "-outform", "DER"],
            b"",
        )
        .unwrap(),
    );
    assert_eq!(key.id(), &hex(&sm3_of(&der))[..16]);

    let arguments = [
        "dgst",
        "-sm3",
        "-sign",
        text(&secret),
        "-sigopt",
        "distid:1234567812345678",
    ];
    let signature = good(openssl(&arguments, b"message").unwrap());
    let (body, _) = der_value(&signature, 0x30);
    let (r, rest) = der_32(body);
    let (s, _) = der_32(rest);
    let raw = [r, s].concat();
    assert!(key.verifies(b"message", &raw));
    assert!(!key.verifies(b"massage", &raw));
    assert!(!key.verifies(b"message", &raw[1..]));
    assert!(!key.verifies(b"message", &[0; 64]));
}

#[test]
fn a_content_key_that_openssl_wrapped_is_unwrapped() {
    let dir = tempfile::tempdir().unwrap();
    let keys = PlatformKeyPairs::open(dir.path()).unwrap();
    let public = dir.path().join("public.pem");
    std::fs::write(&public, &keys.published().keys[0].public_key).unwrap();
    let arguments = [
        "pkeyutl",
        "-encrypt",
        "-pubin",
        "-inkey",
        text(&public),
        "-pkeyopt",
        "digest:sm3",
    ];
    let content_key = *b"sixteen byte key";
    let Some(output) = openssl(&arguments, &content_key) else {
        return;
    };
    // GM/T 0009: SEQUENCE { x, y, C3, C2 }.
    let der = good(output);
    let (body, _) = der_value(&der, 0x30);
    let (x, rest) = der_32(body);
    let (y, rest) = der_32(rest);
    let (c3, rest) = der_value(rest, 0x04);
    let (c2, _) = der_value(rest, 0x04);
    let wrapped = [&[0x04], x.as_slice(), &y, c3, c2].concat();
    assert_eq!(*keys.unwrap_content_key(&wrapped).unwrap(), content_key);
    for at in [0, 1, 40, 70, 100, wrapped.len() - 1] {
        let mut changed = wrapped.clone();
        changed[at] ^= 1;
        assert!(keys.unwrap_content_key(&changed).is_none(), "{at}");
    }
}

#[test]
fn keys_survive_a_restart_and_are_readable_by_nobody_else() {
    let dir = tempfile::tempdir().unwrap();
    let first = PlatformKeyPairs::open(dir.path()).unwrap();
    let second = PlatformKeyPairs::open(dir.path()).unwrap();
    assert_eq!(first.published(), second.published());
    assert_ne!(first.wrapping_key_id(), first.signing_key_id());
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_damaged_key_is_reported_and_never_replaced() {
    let dir = tempfile::tempdir().unwrap();
    PlatformKeyPairs::open(dir.path()).unwrap();
    let path = dir.path().join("wrap.pem");
    for damaged in [b"".as_slice(), b"-----BEGIN", &[0xFF; 20]] {
        std::fs::write(&path, damaged).unwrap();
        let error = PlatformKeyPairs::open(dir.path()).unwrap_err();
        assert!(matches!(error, KeyFileError::Damaged { .. }));
        assert_eq!(std::fs::read(&path).unwrap(), damaged);
    }
}

#[test]
fn debug_output_shows_ids_only() {
    let dir = tempfile::tempdir().unwrap();
    let keys = PlatformKeyPairs::open(dir.path()).unwrap();
    let shown = format!("{keys:?}");
    assert_eq!(
        shown,
        format!(
            "PlatformKeyPairs(wrap {}, sign {})",
            keys.wrapping_key_id(),
            keys.signing_key_id()
        )
    );
}

proptest! {
    #[test]
    fn random_bytes_are_never_a_wrapped_key_and_never_a_panic(
        mut bytes in prop::collection::vec(any::<u8>(), 0..200),
        pad in any::<bool>(),
    ) {
        thread_local! {
            static KEYS: PlatformKeyPairs = {
                let dir = tempfile::tempdir().unwrap();
                PlatformKeyPairs::open(dir.path()).unwrap()
            };
        }
        if pad {
            bytes.resize(113, 0);
            bytes[0] = 0x04;
        }
        prop_assert!(KEYS.with(|keys| keys.unwrap_content_key(&bytes).is_none()));
    }
}
