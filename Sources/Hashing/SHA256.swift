import CCrypto

/// SHA-256 and HMAC-SHA-256 over the system's libcrypto.
public enum SHA256 {
    // Never freed and never written to: libcrypto lets all threads use it. To look it up takes as long as to digest an entry.
    nonisolated(unsafe) private static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)

    /// The digest of `bytes`: 32 bytes.
    public static func hash(_ bytes: some Collection<UInt8>) -> [UInt8] {
        Array(bytes).withUnsafeBytes { hash($0) }
    }

    /// The digest of bytes where they are: 32 bytes.
    public static func hash(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { output, count in
            EVP_Digest(bytes.baseAddress, bytes.count, output.baseAddress, nil, algorithm, nil)
            count = Int(SHA256_DIGEST_LENGTH)
        }
    }

    /// The digest of a text's UTF-8 bytes, as 64 hexadecimal digits.
    public static func hex(_ text: String) -> String {
        Hex.encode(hash(text.utf8))
    }

    /// The keyed digest of `bytes`: 32 bytes. Used to sign requests and to fingerprint values that must not be shown.
    public static func authenticate(_ bytes: some Collection<UInt8>, key: [UInt8]) -> [UInt8] {
        let input = Array(bytes)
        return [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { output, count in
            var length: UInt32 = 0
            _ = HMAC(EVP_sha256(), key, Int32(key.count), input, input.count, output.baseAddress, &length)
            count = Int(length)
        }
    }

    /// A digest that takes long to compute, so that short texts cannot be tried out against it: PBKDF2 with HMAC-SHA-256
    /// (RFC 8018), 600,000 rounds (OWASP Password Storage Cheat Sheet). 32 bytes.
    public static func stretched(_ text: String, salt: [UInt8]) -> [UInt8] {
        let length = Int(SHA256_DIGEST_LENGTH)
        return [UInt8](unsafeUninitializedCapacity: length) { output, count in
            PKCS5_PBKDF2_HMAC(
                text, Int32(text.utf8.count), salt, Int32(salt.count), 600_000, EVP_sha256(), Int32(length),
                output.baseAddress)
            count = length
        }
    }

    /// Compares two digests in time that does not depend on where they differ.
    public static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
    }
}
