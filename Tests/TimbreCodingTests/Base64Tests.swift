import Testing

@testable import TimbreCoding

struct Base64Tests {
    // RFC 4648, section 10.
    @Test(
        "Writes and reads the standard's examples",
        arguments: zip(
            ["", "f", "fo", "foo", "foob", "fooba", "foobar"],
            ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]))
    func examples(bytes: String, text: String) {
        #expect(Array(bytes.utf8).base64 == text)
        #expect([UInt8](base64: text) == Array(bytes.utf8))
    }

    @Test(
        "Refuses what it does not write itself",
        arguments: [
            "Zg", "Zg=", "Zg===", "Zm9v=", "Zm9v====", "=Zg=", "Z=g=", "Zg==Zg==", "Zh==", "Zm9=", "Zm9v\n", " Zm9v",
            "Zm-v", "Zm_v", "Zmé=",
        ])
    func refuses(text: String) { #expect([UInt8](base64: text) == nil) }
}
