import Glibc

/// How far a sound and a background together are above the background alone, by how far the sound is above it.
///
/// Powers add: 10 lg(1 + 10^(*d* / 10)) dB for a sound that is *d* dB above. A table, for both are steps of a quarter of a
/// decibel.
enum SoftSum {
    /// What results are multiplied with, so that they can be integers: in sixteenths of a decibel.
    static let scale = 4

    private static let (lowest, highest) = (-240, 240)
    private static let table: [Int16] = (lowest...highest).map { level in
        Int16((4 * Double(scale) * 10 * log10(1 + pow(10, Double(level) / 40))).rounded())
    }

    /// - Parameter level: In quarters of a decibel; what is above 60 dB counts as that.
    /// - Returns: Sixteenths of a decibel, from 0 to 961.
    static func above(_ level: Int) -> Int16 { level < lowest ? 0 : table[min(level, highest) - lowest] }
}
