/// A number of things with their noun, as people write it: `1 file`, `5,515 files`, `2 searches`.
package enum CountedNoun {
    /// - Parameter plural: The noun for any number but 1; with an s at its end if nil.
    package static func text(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
        "\(text(count)) \(count == 1 ? noun : plural ?? noun + "s")"
    }

    /// The number alone, with commas: `5,515`.
    package static func text(_ count: Int) -> String {
        var text = ""
        for (place, digit) in String(count.magnitude).reversed().enumerated() {
            if place > 0, place % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return (count < 0 ? "-" : "") + String(text.reversed())
    }
}
