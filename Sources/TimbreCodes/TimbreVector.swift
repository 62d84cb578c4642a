import CTimbreKernels

/// What a sound or a part of it sounds like, as a point: near points sound alike.
///
/// Points come from a model's ``TimbreModel/metric``; those of different models have nothing to do with each other.
package struct TimbreVector: Hashable, Sendable {
    /// Components of every vector. A metric that gives fewer leaves the last ones 0.
    package static let dimension = 128

    /// The first 64 components, in -127...127: those in which sounds differ most come first.
    package private(set) var first: SIMD64<Int8>
    /// The other 64.
    package private(set) var last: SIMD64<Int8>

    package init(first: SIMD64<Int8>, last: SIMD64<Int8> = SIMD64()) {
        self.first = first
        self.last = last
    }

    /// Takes a vector as it is stored, one byte a component; nil unless there are 128, or 64 of an earlier metric.
    package init?(bytes: ArraySlice<UInt8>) {
        guard bytes.count == Self.dimension || bytes.count == Self.dimension / 2 else { return nil }
        self.init(first: SIMD64())
        unsafe withUnsafeMutableBytes(of: &self) { room in
            unsafe bytes.withUnsafeBytes { unsafe room.copyMemory(from: $0) }
        }
    }

    package init?(bytes: [UInt8]) { self.init(bytes: bytes[...]) }

    /// The form in which it is stored: one byte a component.
    package var bytes: [UInt8] { unsafe withUnsafeBytes(of: self) { unsafe Array($0) } }

    /// A component, by its place in 0..<128.
    package subscript(place: Int) -> Int8 {
        get { place < 64 ? first[place] : last[place - 64] }
        set { if place < 64 { first[place] = newValue } else { last[place - 64] = newValue } }
    }

    /// The square of the distance to another vector of the same model, in squares of a component's unit: 0 to 8 258 048.
    package func squaredDistance(to other: TimbreVector) -> Int {
        unsafe withUnsafeBytes(of: self) { own in
            unsafe withUnsafeBytes(of: other) { other in
                Int(unsafe timbre_squared_distance(own.baseAddress, other.baseAddress))
            }
        }
    }
}
