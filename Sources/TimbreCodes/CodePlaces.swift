/// Where each code is heard among the frames of a sound.
package struct CodePlaces: Hashable, Sendable {
    /// The frames that have one code.
    package struct Place: Hashable, Sendable {
        /// How many there are, 1 at least.
        package var count: Int
        /// The first of them.
        package var first: Int
        /// The longest stretch of them with nothing between; the first of equally long ones.
        package var longest: Range<Int>
    }

    /// The places of the codes that are heard.
    package let places: [Int: Place]

    /// Looks through the frames of a sound, in order.
    ///
    /// - Parameter codes: The code of each frame, 0 to 127, or ``SpanPooling/silent``.
    /// - Complexity: O(*n*) in the number of frames.
    package init(of codes: some Collection<UInt8>) {
        var places = [Place?](repeating: nil, count: TimbreCode.width)
        func add(_ stretch: Range<Int>, of code: UInt8) {
            guard code < TimbreCode.width, !stretch.isEmpty else { return }
            var place = places[Int(code)] ?? Place(count: 0, first: stretch.lowerBound, longest: stretch)
            place.count += stretch.count
            if stretch.count > place.longest.count { place.longest = stretch }
            places[Int(code)] = place
        }
        var (start, current) = (0, SpanPooling.silent)
        for (frame, code) in codes.enumerated() where code != current {
            add(start..<frame, of: current)
            (start, current) = (frame, code)
        }
        add(start..<codes.count, of: current)
        self.places = Dictionary(
            uniqueKeysWithValues: places.enumerated().compactMap { code, place in place.map { (code, $0) } })
    }

    /// The codes that are heard, ascending.
    package var codes: [Int] { places.keys.sorted() }
}
