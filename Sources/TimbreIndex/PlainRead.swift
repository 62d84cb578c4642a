import CTimbreKernels

extension TimbreIndex {
    /// What a search has to read.
    package enum Part: CaseIterable, Sendable {
        /// The codes of all spans, 16 bytes each.
        case codes
        /// The vectors of all files, 128 bytes each.
        case fileVectors
        /// The first 16 components of these.
        case fileHeads
        /// The vectors of all spans, 128 bytes each.
        case spanVectors
        /// The first 16 components of these.
        case spanHeads
    }

    /// Reads all bytes of a part, and does next to nothing with them: what a search over them is measured by.
    ///
    /// - Returns: The bits that are set in any word.
    package func read(_ part: Part) -> UInt64 { segments.indices.reduce(0) { $0 | segments[$1].read(part) } }
}

extension Segment {
    fileprivate func read(_ part: TimbreIndex.Part) -> UInt64 {
        switch part {
        case .codes: spans.codes.read()
        case .fileVectors: files.vectors.read(headsOnly: false)
        case .fileHeads: files.vectors.read(headsOnly: true)
        case .spanVectors:
            (spans.hasSharedVectors ? files.vectors.read(headsOnly: false) : 0)
                | spans.ownVectors.read(headsOnly: false)
        case .spanHeads:
            (spans.hasSharedVectors ? files.vectors.read(headsOnly: true) : 0)
                | spans.ownVectors.read(headsOnly: true)
        }
    }
}

extension Array where Element: BitwiseCopyable {
    /// The bits that are set in any word of the first `count` elements, or of all.
    func read(_ count: Int = .max) -> UInt64 {
        unsafe withUnsafeBytes { bytes in
            unsafe bytes.baseAddress.map {
                unsafe timbre_read($0, Swift.min(count, self.count) * MemoryLayout<Element>.stride)
            } ?? 0
        }
    }
}
