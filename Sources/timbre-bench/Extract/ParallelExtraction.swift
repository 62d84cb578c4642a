import Dispatch
import SoundExtraction
import Synchronization
import SystemPackage

/// Takes files the whole way from bytes to vectors in several threads, and does nothing else.
struct ParallelExtraction {
    private let files: [FilePath]
    private let coding: SoundCoding

    init(_ files: [FilePath], _ coding: SoundCoding) {
        self.files = files
        self.coding = coding
    }

    /// How long that takes, by the clock on the wall.
    func seconds(threads: Int) throws -> Double {
        let next = Atomic(0)
        // Few files are shared out all the same.
        let batch = max(1, min(SoundCoding.batch, files.count / threads))
        let failure = Mutex<(any Error)?>(nil)
        let time = ContinuousClock().measure {
            DispatchQueue.concurrentPerform(iterations: threads) { _ in
                var extractor = Extractor()
                while true {
                    let place = next.wrappingAdd(batch, ordering: .relaxed).oldValue
                    guard place < files.count else { return }
                    do {
                        try coding.process(files[place..<min(place + batch, files.count)], &extractor)
                    } catch {
                        failure.withLock { $0 = $0 ?? error }
                        return
                    }
                }
            }
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
        return time / .seconds(1)
    }
}
