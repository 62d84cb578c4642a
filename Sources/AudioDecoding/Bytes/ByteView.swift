/// A file's bytes as a decoder is to see them: stretches of the file, and bytes of our own, one after the other.
///
/// Where a header is wrong, the decoder is given one that is right; where a sound lies in pieces or in a wrapper, it is
/// given the sound alone. Nothing is copied: a view knows where its bytes are.
struct ByteView {
    /// A stretch of the file, or bytes that stand in its place.
    private enum Piece {
        case file(Range<Int64>)
        case bytes([UInt8])

        var count: Int64 {
            switch self {
            case .file(let range): range.upperBound - range.lowerBound
            case .bytes(let bytes): Int64(bytes.count)
            }
        }
    }

    let reader: InputReader
    private var pieces: [Piece] = []
    /// Where each piece begins in the view.
    private var starts: [Int64] = []
    /// Bytes in the view.
    private(set) var size: Int64 = 0

    /// Pieces that a view can have: each takes some memory, and a file can be made of nothing but shreds.
    static let mostPieces = 500_000

    /// A view of a whole file.
    init(of reader: InputReader) {
        self.reader = reader
        add(.file(0..<reader.size))
    }

    /// A view without bytes.
    private init(emptyOf reader: InputReader) { self.reader = reader }

    /// A view of none of the bytes that this one has, to be added to.
    var empty: ByteView { ByteView(emptyOf: reader) }

    /// Whether no more can be added.
    var isFull: Bool { pieces.count >= Self.mostPieces }

    private mutating func add(_ piece: Piece) {
        guard piece.count > 0, !isFull else { return }
        if case .file(let next) = piece, case .file(let last)? = pieces.last, last.upperBound == next.lowerBound {
            pieces[pieces.count - 1] = .file(last.lowerBound..<next.upperBound)
        } else {
            pieces.append(piece)
            starts.append(size)
        }
        size += piece.count
    }

    /// Adds bytes that the file does not have.
    mutating func append(_ bytes: [UInt8]) { add(.bytes(bytes)) }

    /// Adds a part of another view of the same file; as much of it as there is.
    mutating func append(_ view: ByteView, _ range: Range<Int64>) {
        let range = range.clamped(to: 0..<view.size)
        guard !range.isEmpty else { return }
        var place = range.lowerBound
        var index = view.piece(at: place)
        while place < range.upperBound, index < view.pieces.count {
            let (piece, start) = (view.pieces[index], view.starts[index])
            let (first, last) = (place - start, min(piece.count, range.upperBound - start))
            switch piece {
            case .file(let stretch): add(.file(stretch.lowerBound + first..<stretch.lowerBound + last))
            case .bytes(let bytes): add(.bytes(Array(bytes[Int(first)..<Int(last)])))
            }
            place = start + last
            index += 1
        }
    }

    /// A part of the view; as much of it as there is.
    func slice(_ range: Range<Int64>) -> ByteView {
        var slice = empty
        slice.append(self, range)
        return slice
    }

    /// What follows a place, to the end.
    func dropping(_ count: Int64) -> ByteView { count == 0 ? self : slice(min(count, size)..<size) }

    /// The same bytes but for some that are replaced by as many others.
    func replacing(at place: Int64, with bytes: [UInt8]) -> ByteView {
        var view = slice(0..<place)
        view.append(bytes)
        view.append(self, place + Int64(bytes.count)..<max(size, place + Int64(bytes.count)))
        return view
    }

    /// The piece that holds a byte.
    private func piece(at place: Int64) -> Int {
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= place { low = middle } else { high = middle }
        }
        return low
    }

    /// Reads bytes at a place; fewer than asked for at the end or after an error.
    func read(at place: Int64, into bytes: UnsafeMutableRawBufferPointer) -> Int {
        guard place >= 0, place < size else { return 0 }
        var (done, index) = (0, piece(at: place))
        while done < bytes.count, index < pieces.count {
            let inside = place + Int64(done) - starts[index]
            let count = Int(min(Int64(bytes.count - done), pieces[index].count - inside))
            let room = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[done..<done + count])
            switch pieces[index] {
            case .file(let range):
                let found = unsafe reader.read(at: range.lowerBound + inside, into: room)
                done += found
                if found < count { return done }
            case .bytes(let own):
                unsafe room.copyBytes(from: own[Int(inside)..<Int(inside) + count])
                done += count
            }
            index += 1
        }
        return done
    }

    /// Reads `count` bytes at a place; nil if there are fewer.
    func bytes(at place: Int64, count: Int) -> [UInt8]? {
        guard place >= 0, place <= size - Int64(count) else { return nil }
        let bytes = self.bytes(from: place, most: count)
        return bytes.count == count ? bytes : nil
    }

    /// Reads the bytes at a place, `count` at the most.
    func bytes(from place: Int64, most count: Int) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: count) { room, used in
            used = unsafe read(at: place, into: UnsafeMutableRawBufferPointer(room))
        }
    }
}
