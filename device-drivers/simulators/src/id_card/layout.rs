//! The 256 bytes of text on a card: which field lies where, for each kind.

use super::holder::Holder;

/// Size of the text block in bytes.
pub const TEXT_SIZE: usize = 256;
/// Size of one additional address in bytes.
pub const ADDRESS_SIZE: usize = 70;

/// Lays the holder's fields out as the chip stores them.
///
/// # Errors
/// Names the field that is too long for its place.
#[allow(clippy::too_many_lines, reason = "four tables, one after the other")]
pub fn text_block(holder: &Holder) -> Result<Vec<u8>, String> {
    let fields: Vec<(&str, usize, usize, String)> = match holder {
        Holder::Resident {
            name,
            sex,
            nationality,
            birth,
            address,
            number,
            authority,
            valid_from,
            valid_to,
        } => vec![
            ("name", 0, 30, name.clone()),
            ("sex", 30, 2, sex.to_string()),
            ("nationality", 32, 4, nationality.clone()),
            ("birth", 36, 16, birth.clone()),
            ("address", 52, 70, address.clone()),
            ("number", 122, 36, number.clone()),
            ("authority", 158, 30, authority.clone()),
            ("valid-from", 188, 16, valid_from.clone()),
            ("valid-to", 204, 16, valid_to.clone()),
        ],
        Holder::HkMacaoTaiwan {
            name,
            sex,
            birth,
            address,
            number,
            authority,
            valid_from,
            valid_to,
            travel_permit,
            issues,
        } => vec![
            ("name", 0, 30, name.clone()),
            ("sex", 30, 2, sex.to_string()),
            ("birth", 36, 16, birth.clone()),
            ("address", 52, 70, address.clone()),
            ("number", 122, 36, number.clone()),
            ("authority", 158, 30, authority.clone()),
            ("valid-from", 188, 16, valid_from.clone()),
            ("valid-to", 204, 16, valid_to.clone()),
            ("travel-permit", 220, 18, travel_permit.clone()),
            ("issues", 238, 4, issues.clone()),
            ("type", 248, 2, "J".into()),
        ],
        Holder::Foreigner2017 {
            english_name,
            sex,
            number,
            country,
            chinese_name,
            valid_from,
            valid_to,
            birth,
            version,
            authority_code,
        } => vec![
            ("english-name", 0, 120, english_name.clone()),
            ("sex", 120, 2, sex.to_string()),
            ("number", 122, 30, number.clone()),
            ("country", 152, 6, country.clone()),
            ("chinese-name", 158, 30, chinese_name.clone()),
            ("valid-from", 188, 16, valid_from.clone()),
            ("valid-to", 204, 16, valid_to.clone()),
            ("birth", 220, 16, birth.clone()),
            ("version", 236, 4, version.clone()),
            ("authority-code", 240, 8, authority_code.clone()),
            ("type", 248, 2, "I".into()),
        ],
        Holder::Foreigner2023 {
            chinese_name,
            sex,
            renewals,
            birth,
            english_name,
            number,
            valid_from,
            valid_to,
            country,
        } => vec![
            ("chinese-name", 0, 30, chinese_name.clone()),
            ("sex", 30, 2, sex.to_string()),
            ("renewals", 32, 4, renewals.clone()),
            ("birth", 36, 16, birth.clone()),
            (
                "english-name",
                52,
                70,
                english_name.chars().take(35).collect(),
            ),
            ("number", 122, 36, number.clone()),
            ("valid-from", 188, 16, valid_from.clone()),
            ("valid-to", 204, 16, valid_to.clone()),
            (
                "english-name",
                220,
                22,
                english_name.chars().skip(35).collect(),
            ),
            ("country", 242, 6, country.clone()),
            ("type", 248, 2, "Y".into()),
        ],
    };
    let mut block = blank(TEXT_SIZE);
    for (label, offset, size, value) in fields {
        write(&mut block[offset..offset + size], label, &value)?;
    }
    Ok(block)
}

/// One additional address as the chip stores it.
///
/// # Errors
/// When it has more than 35 characters.
pub fn address_record(address: &str) -> Result<Vec<u8>, String> {
    let mut record = blank(ADDRESS_SIZE);
    write(&mut record, "new-addresses", address)?;
    Ok(record)
}

/// UTF-16 blanks, little end first.
fn blank(bytes: usize) -> Vec<u8> {
    [0x20, 0x00].repeat(bytes / 2)
}

fn write(place: &mut [u8], label: &str, value: &str) -> Result<(), String> {
    let encoded: Vec<u8> = value.encode_utf16().flat_map(u16::to_le_bytes).collect();
    match place.get_mut(..encoded.len()) {
        Some(front) => {
            front.copy_from_slice(&encoded);
            Ok(())
        }
        None => Err(format!(
            "{label} is longer than {} characters",
            place.len() / 2
        )),
    }
}
