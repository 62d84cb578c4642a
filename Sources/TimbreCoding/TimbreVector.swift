import CTimbreKernels

/// What a sound or a part of it sounds like, as a point: near points sound alike.
///
/// Points come from a model's ``TimbreModel/transform``; those of different models have nothing to do with each other.
package struct TimbreVector: Hashable, Sendable {
    /// Components of every vector. A transform that gives fewer leaves the last ones 0.
    package static let dimension = 64

    /// The components, in -127...127: those in which sounds differ most come first.
    package let components: SIMD64<Int8>

    package init(components: SIMD64<Int8>) { self.components = components }

    /// Takes a vector as it is stored, one byte a component; nil unless there are 64.
    package init?(bytes: ArraySlice<UInt8>) {
        guard bytes.count == Self.dimension else { return nil }
        components = unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(as: SIMD64<Int8>.self) }
    }

    package init?(bytes: [UInt8]) { self.init(bytes: bytes[...]) }

    /// The form in which it is stored: one byte a component.
    package var bytes: [UInt8] { unsafe withUnsafeBytes(of: components) { unsafe Array($0) } }

    /// The square of the distance to another vector of the same model, in squares of a component's unit: 0 to 4 129 024.
    package func squaredDistance(to other: TimbreVector) -> Int {
        unsafe withUnsafeBytes(of: components) { own in
            unsafe withUnsafeBytes(of: other.components) { other in
                Int(unsafe timbre_squared_distance(own.baseAddress, other.baseAddress))
            }
        }
    }
}
