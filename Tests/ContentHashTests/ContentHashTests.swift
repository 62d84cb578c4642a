import ContentHash
import Testing

struct ContentHashTests {
    // FIPS 180-4, examples of the Computer Security Resource Center; the empty one from RFC 6234's tests.
    static let examples = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ]

    @Test("Agrees with the standard's examples", arguments: examples)
    func agrees(text: String, digest: String) {
        #expect(ContentHash(of: Array(text.utf8)).hexadecimal == digest)
    }

    @Test func piecesGiveTheSameAsTheWhole() {
        var hasher = ContentHasher()
        for byte in UInt8.min...UInt8.max { hasher.update([byte]) }
        #expect(hasher.finish() == ContentHash(of: Array(UInt8.min...UInt8.max)))
    }

    @Test func readsItsOwnText() {
        let hash = ContentHash(of: [1, 2, 3])
        #expect(ContentHash(hash.description) == hash)
        #expect(ContentHash("sha256:12") == nil)
        #expect(ContentHash(hash.hexadecimal) == nil)
        #expect(ContentHash("sha256:" + String(repeating: "g", count: 64)) == nil)
    }
}
