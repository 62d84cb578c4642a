import TimbreWire

/// Writes scenes as SVG 1.1: pictures as PNG inside, all else as shapes and text; no script and no reference to outside.
enum SVG {
    /// The document.
    ///
    /// - Parameters:
    ///   - title: What it shows, in a line.
    ///   - description: The same for those who cannot see it.
    static func document(of scene: Scene, _ palette: Palette, title: String, description: String) -> String {
        var text = """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(scene.width)" height="\(scene.height)" \
            viewBox="0 0 \(scene.width) \(scene.height)" role="img" font-family="ui-monospace, monospace" \
            font-size="10">
            <title>\(escaped(title))</title>
            <desc>\(escaped(description))</desc>
            <rect width="100%" height="100%" fill="\(palette[.paper].hex)"/>

            """
        for element in scene.elements { text += line(element, palette) + "\n" }
        return text + "</svg>\n"
    }

    private static func line(_ element: Scene.Element, _ palette: Palette) -> String {
        switch element {
        case .picture(let picture, let box):
            guard picture.width > 0, picture.height > 0 else { return "" }
            let data = Base64(PNG.bytes(of: picture, palette)).text
            return "<image \(position(box)) preserveAspectRatio=\"none\" style=\"image-rendering: pixelated\" "
                + "href=\"data:image/png;base64,\(data)\"/>"
        case .boxes(let boxes, let ink):
            let path = boxes.map {
                "M\(number($0.x)) \(number($0.y))h\(number($0.width))v\(number($0.height))h\(number(-$0.width))z"
            }
            return "<path fill=\"\(palette[ink].hex)\" d=\"\(path.joined())\"/>"
        case .text(let text):
            let anchor =
                switch text.anchor {
                case .start: ""
                case .middle: " text-anchor=\"middle\""
                case .end: " text-anchor=\"end\""
                }
            let weight = text.isBold ? " font-weight=\"bold\"" : ""
            // Text stands on its base line, a third of its size below its middle.
            return "<text x=\"\(number(text.x))\" y=\"\(number(text.y + 3.5))\"\(anchor)\(weight) "
                + "fill=\"\(palette[text.ink].hex)\">\(escaped(text.words))</text>"
        }
    }

    private static func position(_ box: Box) -> String {
        "x=\"\(number(box.x))\" y=\"\(number(box.y))\" width=\"\(number(box.width))\" height=\"\(number(box.height))\""
    }

    /// A hundredth of a pixel is as fine as anybody sees.
    private static func number(_ value: Double) -> String {
        let hundredths = Int((abs(value) * 100).rounded())
        guard hundredths > 0 else { return "0" }
        let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
        let digits = rest == 0 ? "" : rest % 10 == 0 ? ".\(rest / 10)" : rest < 10 ? ".0\(rest)" : ".\(rest)"
        return "\(value < 0 ? "-" : "")\(whole)\(digits)"
    }

    /// Text as XML 1.0 allows it: what may not stand in a document at all is a question mark in a box.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
