//! The cryptographic steps, pure: sealing with `XChaCha20-Poly1305`, HMAC-SHA-256, chance.

use crate::error::KeyError;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use rand::RngCore;
use sha2::{Digest, Sha256};

/// Bytes of a nonce, which stands before the ciphertext.
const NONCE_BYTES: usize = 24;

/// Random bytes from the caller's source.
#[must_use]
pub fn random<const N: usize>(rng: &mut dyn RngCore) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill_bytes(&mut bytes);
    bytes
}

/// HMAC-SHA-256 over parts, each with its length before it, so that no two lists of parts give
/// the same bytes.
#[must_use]
pub fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes a key of any length; the other branch keeps the function total all the same.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Sha256::digest(key).into();
    };
    mac.update(&joined(parts));
    mac.finalize().into_bytes().into()
}

/// The commitment that the journal holds in place of a particular. Without its random key, which
/// is erased with the particular, it says nothing even about a guessable number.
#[must_use]
pub fn commitment(key: &[u8; 32], plain: &[u8]) -> [u8; 32] {
    mac(key, &[b"motcua.commitment.1", plain])
}

/// The parts, each with its length before it.
fn joined(parts: &[&[u8]]) -> Vec<u8> {
    let mut all = Vec::with_capacity(parts.iter().map(|part| part.len() + 8).sum());
    for part in parts {
        all.extend_from_slice(&(part.len() as u64).to_be_bytes());
        all.extend_from_slice(part);
    }
    all
}

/// Seals `plain`; `context` must be the same when it is opened.
pub(crate) fn seal(
    rng: &mut dyn RngCore,
    key: &[u8; 32],
    context: &[&[u8]],
    plain: &[u8],
) -> Result<Vec<u8>, KeyError> {
    let nonce: [u8; NONCE_BYTES] = random(rng);
    let aad = joined(context);
    let payload = Payload { msg: plain, aad: &aad };
    let cipher = XChaCha20Poly1305::new(&Key::from(*key));
    let sealed = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| KeyError::Sealed)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// Opens what `seal` made.
pub(crate) fn open(key: &[u8; 32], context: &[&[u8]], sealed: &[u8]) -> Result<Vec<u8>, KeyError> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(KeyError::Sealed)?;
    let aad = joined(context);
    let payload = Payload { msg: sealed, aad: &aad };
    XChaCha20Poly1305::new(&Key::from(*key))
        .decrypt(&XNonce::from(*nonce), payload)
        .map_err(|_| KeyError::Sealed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn sealed_data_opens_only_whole_with_its_key_and_in_its_place() {
        let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(1);
        let key: [u8; 32] = random(&mut rng);
        let sealed = seal(&mut rng, &key, &[b"subject", b"phone"], b"0912").unwrap();
        assert_eq!(open(&key, &[b"subject", b"phone"], &sealed).unwrap(), b"0912");
        assert_eq!(open(&[0; 32], &[b"subject", b"phone"], &sealed), Err(KeyError::Sealed));
        assert_eq!(open(&key, &[b"subjectp", b"hone"], &sealed), Err(KeyError::Sealed));
        for place in 0..sealed.len() {
            let mut other = sealed.clone();
            other[place] ^= 1;
            assert_eq!(open(&key, &[b"subject", b"phone"], &other), Err(KeyError::Sealed));
        }
        assert_eq!(open(&key, &[b"subject", b"phone"], &sealed[..10]), Err(KeyError::Sealed));
    }

    #[test]
    fn hmac_matches_a_published_value() {
        // RFC 4231 gives no case with length prefixes; the primitive itself is checked here.
        let mut mac = Hmac::<Sha256>::new_from_slice(&[0x0b; 20]).unwrap();
        mac.update(b"Hi There");
        assert_eq!(
            hex::encode(mac.finalize().into_bytes()),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
    }

    #[test]
    fn parts_cannot_be_shifted_into_each_other() {
        assert_ne!(mac(&[1; 32], &[b"ab", b"c"]), mac(&[1; 32], &[b"a", b"bc"]));
    }
}
