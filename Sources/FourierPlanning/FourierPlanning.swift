import Synchronization

/// FFTW's planner keeps its state in globals, one for each precision; running a plan does not.
private let planner = Mutex(())

/// Takes turns with all others that make or destroy plans, in whatever module.
package func planning<Result>(_ body: () -> Result) -> Result { planner.withLock { _ in body() } }
