import CTimbreKernels
import Glibc

/// How far a sound and a background together are above the background alone, by how far the sound is above it.
///
/// Powers add: 10 lg(1 + 10^(*d* / 10)) dB for a sound that is *d* dB above. A table, for both are steps of a quarter of a
/// decibel.
enum SoftSum {
    /// Results are in sixteenths of a decibel, so that they can be integers.
    private static let scale = 16.0
    /// In quarters of a decibel: what is above 60 dB counts as that.
    private static let reach = Int(TIMBRE_MOST_EXCESS)
    private static let table: [Int16] = (-reach...reach).map { level in
        Int16((scale * 10 * log10(1 + pow(10, Double(level) / 40))).rounded())
    }

    /// - Parameters:
    ///   - levels: Those of a sound, in quarters of a decibel, shape `[rows, 100]`.
    ///   - gain: What is added to them.
    ///   - background: Shape `[100]`.
    /// - Returns: Sixteenths of a decibel from 0 to 961, shape `[rows, 100]`.
    static func excess(of levels: ArraySlice<Int16>, gain: Int, over background: [Int16]) -> [Int16] {
        let rows = levels.count / QuarterLevels.bandCount
        return unsafe [Int16](unsafeUninitializedCapacity: levels.count) { room, used in
            unsafe levels.withUnsafeBufferPointer { levels in
                unsafe timbre_add_power(
                    levels.baseAddress, rows, background, Int32(gain), table, Int32(reach), room.baseAddress)
                used = rows * QuarterLevels.bandCount
            }
        }
    }
}
