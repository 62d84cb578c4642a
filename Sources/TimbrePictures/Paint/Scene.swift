/// A picture before it is pixels or a document: what is where, in the order of painting.
struct Scene: Sendable {
    enum Element: Hashable, Sendable {
        /// A picture whose pixels are stretched to fill a box.
        case picture(Raster, Box)
        /// Boxes of one ink.
        case boxes([Box], Ink)
        case text(Text)
    }

    /// One line of text.
    struct Text: Hashable, Sendable {
        enum Anchor: Hashable, Sendable { case start, middle, end }

        var words: String
        /// Where it begins, has its middle or ends.
        var x: Double
        /// The middle of its height.
        var y: Double
        var anchor = Anchor.start
        var ink = Ink.text
        var isBold = false
    }

    let width: Int
    let height: Int
    var elements: [Element] = []

    /// Pixels, and letters that are twice those of ``Lettering`` in size where `scale` is 2.
    ///
    /// - Parameter scale: Pixels to a unit of the scene, in each direction.
    func raster(scale: Int = 1) -> Raster {
        var raster = Raster(width: width * scale, height: height * scale)
        for element in elements {
            switch element {
            case .picture(let picture, let box): raster.draw(picture, in: box.scaled(by: Double(scale)))
            case .boxes(let boxes, let ink): for box in boxes { raster.fill(box.scaled(by: Double(scale)), ink) }
            case .text(let text): Self.paint(text, scale, on: &raster)
            }
        }
        return raster
    }

    private static func paint(_ text: Text, _ scale: Int, on raster: inout Raster) {
        let size = Double(scale)
        let width = Double(Lettering.width(of: text.words))
        let before =
            switch text.anchor {
            case .start: 0.0
            case .middle: width / 2
            case .end: width
            }
        let (left, top) = ((text.x - before) * size, (text.y - Double(Lettering.height) / 2) * size)
        for pixel in Lettering.pixels(of: text.words) {
            let box = Box(left.rounded() + Double(pixel.x) * size, top.rounded() + Double(pixel.y) * size, size, size)
            raster.fill(box, text.ink)
            if text.isBold { raster.fill(Box(box.x + size / 2, box.y, size, size), text.ink) }
        }
    }
}

extension Box {
    func scaled(by scale: Double) -> Box { Box(x * scale, y * scale, width * scale, height * scale) }
}
