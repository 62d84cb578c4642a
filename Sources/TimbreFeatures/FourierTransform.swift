import CFFTW
import FourierPlanning

/// The Fourier transform of complex numbers, in single precision.
///
/// Plans are estimated, not measured: one chosen by timing could differ from run to run, and with it the last bits.
@safe struct FourierTransform: ~Copyable {
    /// Real and imaginary parts in turns, shape `[length, 2]`.
    let input: UnsafeMutablePointer<Float>
    /// In the same form, from 0 Hz upwards.
    let output: UnsafeMutablePointer<Float>
    private let plan: fftwf_plan

    init(length: Int) {
        guard let input = unsafe fftwf_alloc_complex(length), let output = unsafe fftwf_alloc_complex(length) else {
            preconditionFailure("no memory for a frame")
        }
        let plan = planning {
            unsafe UInt(bitPattern: fftwf_plan_dft_1d(Int32(length), input, output, FFTW_FORWARD, FFTW_ESTIMATE))
        }
        guard let plan = unsafe fftwf_plan(bitPattern: plan) else { preconditionFailure("FFTW has no plan") }
        unsafe self.input = unsafe UnsafeMutableRawPointer(input).assumingMemoryBound(to: Float.self)
        unsafe self.output = unsafe UnsafeMutableRawPointer(output).assumingMemoryBound(to: Float.self)
        unsafe self.plan = unsafe plan
    }

    deinit {
        planning { unsafe fftwf_destroy_plan(plan) }
        unsafe fftwf_free(input)
        unsafe fftwf_free(output)
    }

    /// Transforms ``input`` to ``output``; the input stays as it is.
    func run() { unsafe fftwf_execute(plan) }
}

/// The Fourier transform of real numbers, in double precision; it has bins from 0 Hz to half the sample rate.
@safe struct ExactFourierTransform: ~Copyable {
    let input: UnsafeMutablePointer<Double>
    let output: UnsafeMutablePointer<Double>
    private let plan: fftw_plan

    init(length: Int) {
        guard let input = unsafe fftw_alloc_real(length), let output = unsafe fftw_alloc_real(length + 2) else {
            preconditionFailure("no memory for a frame")
        }
        let plan = planning {
            let complex = unsafe UnsafeMutableRawPointer(output).assumingMemoryBound(to: fftw_complex.self)
            return unsafe UInt(bitPattern: fftw_plan_dft_r2c_1d(Int32(length), input, complex, FFTW_ESTIMATE))
        }
        guard let plan = unsafe fftw_plan(bitPattern: plan) else { preconditionFailure("FFTW has no plan") }
        unsafe self.input = unsafe input
        unsafe self.output = unsafe output
        unsafe self.plan = unsafe plan
    }

    deinit {
        planning { unsafe fftw_destroy_plan(plan) }
        unsafe fftw_free(input)
        unsafe fftw_free(output)
    }

    func run() { unsafe fftw_execute(plan) }
}
