//! The vault against OpenSSL, published vectors and tampering.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jinban_api::case::CaseReceipt;
use sm2::SecretKey;
use sm2::dsa::signature::Signer;
use sm2::pke::DecryptingKey;
use ulid::Ulid;

use super::*;
use jinban_api::sealed::SealedEnvelope;

fn vault() -> (tempfile::TempDir, Vault) {
    let dir = tempfile::tempdir().unwrap();
    let vault = Vault::open(&dir.path().join("keys")).unwrap();
    (dir, vault)
}

fn platform() -> (SecretKey, PlatformKeyset) {
    let secret = SecretKey::try_generate_from_rng(&mut getrandom::SysRng).unwrap();
    let pem = secret
        .public_key()
        .to_public_key_pem(LineEnding::LF)
        .unwrap();
    (secret, PlatformKeyset::from_pem(&pem).unwrap())
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

/// Runs `openssl`; `None`, loudly, when it is not installed.
fn openssl(arguments: &[&str], input: &[u8]) -> Option<std::process::Output> {
    use std::io::Write;
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

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn sm4_gcm_agrees_with_rfc_8998_a1() {
    let key: [u8; 16] = unhex("0123456789ABCDEFFEDCBA9876543210")
        .try_into()
        .unwrap();
    let nonce: [u8; 12] = unhex("00001234567800000000ABCD").try_into().unwrap();
    let additional = unhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2");
    let plain = unhex(concat!(
        "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD",
        "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA"
    ));
    let expected = unhex(concat!(
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735",
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D",
        "83DE3541E4C2B58177E065A9BF7B62EC"
    ));
    let sealed = sm::seal_with_nonce(&key, &nonce, &additional, &plain).unwrap();
    assert_eq!(sealed[sm::NONCE..], expected);
    assert_eq!(*sm::open(&key, &additional, &sealed).unwrap(), plain);
}

#[test]
fn sm3_agrees_with_openssl() {
    for bytes in [b"".as_slice(), b"abc", &[0xA5; 1000]] {
        let Some(output) = openssl(&["dgst", "-sm3", "-binary"], bytes) else {
            return;
        };
        assert_eq!(output.stdout, sm3_of(bytes));
    }
}

#[test]
fn keys_survive_a_restart_and_are_readable_by_nobody_else() {
    let dir = tempfile::tempdir().unwrap();
    let first = Vault::open(dir.path()).unwrap();
    let sealed = first.seal_local("draft/1", b"secret").unwrap();
    let second = Vault::open(dir.path()).unwrap();
    assert_eq!(*second.open_local("draft/1", &sealed).unwrap(), b"secret");
    assert_eq!(first.key_id(), second.key_id());
    assert_eq!(
        first.holder_key("51082219500101002x"),
        second.holder_key("51082219500101002X")
    );
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_damaged_key_is_reported_and_never_replaced() {
    let dir = tempfile::tempdir().unwrap();
    drop(Vault::open(dir.path()).unwrap());
    for file in ["storage.key", "holder.key", "signing.pem"] {
        let whole = std::fs::read(dir.path().join(file)).unwrap();
        std::fs::write(dir.path().join(file), b"torn").unwrap();
        assert!(
            matches!(Vault::open(dir.path()), Err(VaultError::Damaged { .. })),
            "{file}"
        );
        assert_eq!(std::fs::read(dir.path().join(file)).unwrap(), b"torn");
        std::fs::write(dir.path().join(file), whole).unwrap();
    }
}

#[test]
fn a_torn_first_start_is_finished_by_the_next() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("storage.new"), b"half").unwrap();
    drop(Vault::open(dir.path()).unwrap());
    drop(Vault::open(dir.path()).unwrap());
}

#[test]
fn what_is_sealed_for_one_row_does_not_open_for_another() {
    let (_dir, vault) = vault();
    let sealed = vault.seal_local("draft/1", b"secret").unwrap();
    assert!(vault.open_local("draft/2", &sealed).is_err());
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(vault.open_local("draft/1", &changed).is_err(), "byte {at}");
    }
    for length in 0..sealed.len() {
        assert!(
            vault.open_local("draft/1", &sealed[..length]).is_err(),
            "cut to {length}"
        );
    }
}

#[test]
fn the_platform_opens_what_the_terminal_sealed() {
    let (_dir, vault) = vault();
    let (secret, keys) = platform();
    let sealer = vault.seal_case(&keys).unwrap();
    let page = sealer.page(b"picture").unwrap();
    let envelope = sealer.finish(b"{\"content\":1}").unwrap();

    let wrapped = STANDARD.decode(&envelope.wrapped_key).unwrap();
    assert_eq!(wrapped.len(), 65 + 32 + 16);
    assert_eq!(wrapped[0], 0x04);
    let key: [u8; 16] = DecryptingKey::new(secret)
        .decrypt(&wrapped)
        .unwrap()
        .try_into()
        .unwrap();
    let content = [
        STANDARD.decode(&envelope.nonce).unwrap(),
        STANDARD.decode(&envelope.ciphertext).unwrap(),
    ];
    assert_eq!(
        *sm::open(&key, b"", &content.concat()).unwrap(),
        b"{\"content\":1}"
    );
    assert_eq!(*sm::open(&key, b"", &page.body).unwrap(), b"picture");
    assert_eq!(page.page.digest.as_str(), sm3_hex(&page.body));
    assert_eq!(page.page.length, page.body.len() as u64);
}

/// `SEQUENCE { INTEGER x, INTEGER y, OCTET STRING c3, OCTET STRING c2 }`, as OpenSSL wants it.
fn sm2_cipher_der(raw: &[u8]) -> Vec<u8> {
    let tlv = |tag: u8, value: &[u8]| [&[tag, u8::try_from(value.len()).unwrap()], value].concat();
    let integer = |bytes: &[u8]| {
        let trimmed: Vec<u8> = bytes
            .iter()
            .copied()
            .skip_while(|byte| *byte == 0)
            .collect();
        let padded = if trimmed[0] >= 0x80 {
            [&[0], &*trimmed].concat()
        } else {
            trimmed
        };
        tlv(0x02, &padded)
    };
    let body = [
        integer(&raw[1..33]),
        integer(&raw[33..65]),
        tlv(0x04, &raw[65..97]),
        tlv(0x04, &raw[97..]),
    ]
    .concat();
    [&[0x30, 0x81, u8::try_from(body.len()).unwrap()], &*body].concat()
}

#[test]
fn openssl_unwraps_the_content_key() {
    let (dir, vault) = vault();
    let (secret, keys) = platform();
    let envelope = vault.seal_case(&keys).unwrap().finish(b"content").unwrap();
    let wrapped = STANDARD.decode(&envelope.wrapped_key).unwrap();
    let ours = DecryptingKey::new(secret.clone())
        .decrypt(&wrapped)
        .unwrap();

    let key = dir.path().join("platform.pem");
    std::fs::write(&key, secret.to_pkcs8_pem(LineEnding::LF).unwrap()).unwrap();
    let der = sm2_cipher_der(&wrapped);
    let Some(output) = openssl(&["pkeyutl", "-decrypt", "-inkey", path(&key)], &der) else {
        return;
    };
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(output.stdout, ours);
}

#[test]
fn openssl_verifies_the_terminals_signature() {
    let (dir, vault) = vault();
    let (_, keys) = platform();
    let envelope = vault.seal_case(&keys).unwrap().finish(b"content").unwrap();
    let raw = STANDARD.decode(&envelope.signature).unwrap();
    let signature = sm2::dsa::Signature::from_slice(&raw).unwrap();
    let files = ["public.pem", "signature.der", "digest"].map(|name| dir.path().join(name));
    std::fs::write(&files[0], vault.public_key_pem()).unwrap();
    std::fs::write(&files[1], signature.to_der().as_bytes()).unwrap();
    std::fs::write(&files[2], unhex(&submission_digest(&envelope).unwrap())).unwrap();
    let arguments = [
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        path(&files[0]),
        "-rawin",
        "-digest",
        "sm3",
        "-pkeyopt",
        "distid:1234567812345678",
        "-sigfile",
        path(&files[1]),
        "-in",
        path(&files[2]),
    ];
    let Some(output) = openssl(&arguments, b"") else {
        return;
    };
    assert!(output.status.success(), "{output:?}");

    let changed = SealedEnvelope {
        version: 2,
        ..envelope
    };
    std::fs::write(&files[2], unhex(&submission_digest(&changed).unwrap())).unwrap();
    assert!(!openssl(&arguments, b"").unwrap().status.success());
}

#[test]
fn two_sealings_of_the_same_content_share_nothing() {
    let (_dir, vault) = vault();
    let (_, keys) = platform();
    let [one, two] = [(); 2].map(|()| vault.seal_case(&keys).unwrap().finish(b"content").unwrap());
    assert_ne!(one.nonce, two.nonce);
    assert_ne!(one.ciphertext, two.ciphertext);
    assert_ne!(one.wrapped_key, two.wrapped_key);
}

fn receipt(secret: &SecretKey, key_id: &str, key: Ulid, digest: &str) -> CaseReceipt {
    let mut receipt = CaseReceipt {
        idempotency_key: key,
        case_number: "510822-20261123-000001".into(),
        query_code: "K7M2QP".into(),
        submission_digest: digest.into(),
        received_at: "2026-11-23T06:32:00Z".into(),
        promised_by: None,
        platform_key_id: key_id.into(),
        signature: String::new(),
    };
    let signed = format!(
        "jinban-receipt-1\n{key}\n{}\nK7M2QP\n{digest}\n2026-11-23T06:32:00Z",
        receipt.case_number
    );
    let signature: sm2::dsa::Signature = SigningKey::new(DEFAULT_IDENTITY, secret)
        .unwrap()
        .sign(signed.as_bytes());
    receipt.signature = STANDARD.encode(signature.to_bytes());
    receipt
}

#[test]
fn only_the_platforms_own_receipt_for_this_case_is_believed() {
    let (secret, keys) = platform();
    let (stranger, _) = platform();
    let key = Ulid::generate();
    let good = receipt(&secret, keys.wrapping_key_id(), key, "d1");
    assert_eq!(keys.verify_receipt(&good, key, "d1"), Ok(()));
    assert_eq!(
        keys.verify_receipt(&good, Ulid::generate(), "d1"),
        Err(ReceiptDoubt::OtherCase)
    );
    assert_eq!(
        keys.verify_receipt(&good, key, "d2"),
        Err(ReceiptDoubt::OtherCase)
    );

    let forged = receipt(&stranger, keys.wrapping_key_id(), key, "d1");
    assert_eq!(
        keys.verify_receipt(&forged, key, "d1"),
        Err(ReceiptDoubt::WrongSignature)
    );
    let unknown = CaseReceipt {
        platform_key_id: "0000000000000000".into(),
        ..good.clone()
    };
    assert_eq!(
        keys.verify_receipt(&unknown, key, "d1"),
        Err(ReceiptDoubt::UnknownKey)
    );
    let renumbered = CaseReceipt {
        case_number: "510822-20261123-000002".into(),
        ..good.clone()
    };
    assert_eq!(
        keys.verify_receipt(&renumbered, key, "d1"),
        Err(ReceiptDoubt::WrongSignature)
    );
    let unsigned = CaseReceipt {
        signature: String::new(),
        ..good
    };
    assert_eq!(
        keys.verify_receipt(&unsigned, key, "d1"),
        Err(ReceiptDoubt::WrongSignature)
    );
}

#[test]
fn a_key_file_may_hold_comments_and_several_keys() {
    let pems: Vec<String> = (0..2)
        .map(|_| {
            platform()
                .0
                .public_key()
                .to_public_key_pem(LineEnding::LF)
                .unwrap()
        })
        .collect();
    let keys =
        PlatformKeyset::from_pem(&format!("# 加密\n{}\n# 签名\n{}", pems[0], pems[1])).unwrap();
    for pem in &pems {
        assert!(keys.pins(pem));
    }
    let (_, stranger) = platform();
    assert!(!stranger.pins(&pems[0]) && !keys.pins("torn"));
    assert_eq!(
        PlatformKeyset::from_pem("").unwrap_err(),
        PlatformKeysetError::Empty
    );
    let torn = &pems[0][..pems[0].len() - 30];
    assert_eq!(
        PlatformKeyset::from_pem(torn).unwrap_err(),
        PlatformKeysetError::NotSm2 { number: 1 }
    );
}
