import CCrypto

/// SHA-1 over the system's libcrypto: for names of files that others have chosen by it, never for a proof.
/// (The AWS command line keeps the token of a sign-in in a file that is named so.)
public enum SHA1 {
    /// The digest of a text's UTF-8 bytes, as 40 hexadecimal digits.
    public static func hex(_ text: String) -> String {
        let bytes = Array(text.utf8)
        return Hex.encode(
            [UInt8](unsafeUninitializedCapacity: Int(SHA_DIGEST_LENGTH)) { output, count in
                EVP_Digest(bytes, bytes.count, output.baseAddress, nil, EVP_sha1(), nil)
                count = Int(SHA_DIGEST_LENGTH)
            })
    }
}
