/// A picture of pixels, shape `[height, width]`, the top row first.
struct Raster: Hashable, Sendable {
    let width: Int
    let height: Int
    /// The ``Ink`` of each pixel.
    private(set) var pixels: [UInt8]

    init(width: Int, height: Int, _ ink: Ink = .paper) {
        precondition(width >= 0 && height >= 0)
        self.width = width
        self.height = height
        pixels = [UInt8](repeating: ink.index, count: width * height)
    }

    subscript(x: Int, y: Int) -> Ink {
        get { Ink(index: pixels[y * width + x]) }
        set { pixels[y * width + x] = newValue.index }
    }

    /// Fills what lies within a box and within the picture; a box that is not empty fills a pixel at least in each
    /// direction.
    mutating func fill(_ box: Box, _ ink: Ink) {
        let columns = Self.pixels(from: box.x, length: box.width, within: width)
        for y in Self.pixels(from: box.y, length: box.height, within: height) where !columns.isEmpty {
            let row = y * width
            for x in columns { pixels[row + x] = ink.index }
        }
    }

    /// Draws another picture, its pixels made as wide and as high as fills a box.
    mutating func draw(_ picture: Raster, in box: Box) {
        guard picture.width > 0, picture.height > 0 else { return }
        let columns = Self.pixels(from: box.x, length: box.width, within: width)
        let sources = columns.map { x in
            min(picture.width - 1, max(0, Int((Double(x) + 0.5 - box.x) / box.width * Double(picture.width))))
        }
        for y in Self.pixels(from: box.y, length: box.height, within: height) {
            let place = (Double(y) + 0.5 - box.y) / box.height * Double(picture.height)
            let source = min(picture.height - 1, max(0, Int(place)))
            for (x, column) in zip(columns, sources) { self[x, y] = picture[column, source] }
        }
    }

    private static func pixels(from start: Double, length: Double, within count: Int) -> Range<Int> {
        guard length > 0 else { return 0..<0 }
        let first = Int(start.rounded())
        let end = max(first + 1, Int((start + length).rounded()))
        return min(max(first, 0), count)..<min(max(end, 0), count)
    }
}

/// A part of a picture; x grows to the right and y downwards.
struct Box: Hashable, Sendable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    init(_ x: Double, _ y: Double, _ width: Double, _ height: Double) {
        (self.x, self.y, self.width, self.height) = (x, y, width, height)
    }
}
