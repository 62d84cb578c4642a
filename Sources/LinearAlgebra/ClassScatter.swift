/// How vectors scatter within classes, and their classes against each other.
///
/// The vectors come class by class: those of one, then ``endClass()``, then those of the next. Only one class at a time
/// is remembered, by its mean. The same vectors in the same order give the same bits on every machine.
package struct ClassScatter: Sendable {
    /// How many vectors there were.
    package private(set) var count = 0
    /// How many classes were ended.
    package private(set) var classCount = 0

    private var inClass: RunningMean
    private var ofClasses: RunningMean
    private var withinProducts: OuterProducts
    private var betweenProducts: OuterProducts

    /// Starts with no classes.
    ///
    /// - Parameter dimension: Components of a vector, above 0.
    package init(dimension: Int) {
        inClass = RunningMean(dimension: dimension)
        ofClasses = inClass
        withinProducts = OuterProducts(dimension: dimension)
        betweenProducts = withinProducts
    }

    /// The mean of the vectors of all classes that were ended; zero if there are none.
    package var mean: [Double] { ofClasses.mean }

    /// The sum, over all vectors, of (*x* − *m*) (*x* − *m*)ᵀ with *m* the mean of the vector's class. Symmetric.
    ///
    /// - Complexity: O(*n*²) in the dimension.
    package var within: Matrix { withinProducts.sum }

    /// The sum, over all classes, of (*m* − mean) (*m* − mean)ᵀ with *m* the mean of the class, times its vectors.
    ///
    /// Symmetric. Together with ``within`` it makes the scatter of all vectors about their mean.
    ///
    /// - Precondition: The last class was ended.
    /// - Complexity: O(*n*²) in the dimension.
    package var between: Matrix {
        precondition(inClass.weight == 0)
        return betweenProducts.sum
    }

    /// Takes a vector of the present class in.
    ///
    /// - Complexity: O(*n*²) in the dimension.
    package mutating func add(_ vector: Span<Double>) { take(vector) }

    /// Takes a vector of the present class in.
    ///
    /// - Complexity: O(*n*²) in the dimension.
    package mutating func add(_ vector: Span<Float>) { take(vector) }

    private mutating func take<Value: BinaryFloatingPoint>(_ vector: Span<Value>) {
        let isFirst = inClass.weight == 0
        inClass.add(vector)
        if !isFirst { withinProducts.add(inClass.deviation) }
        count += 1
    }

    /// Ends the present class. One without vectors is none.
    ///
    /// - Complexity: O(*n*²) in the dimension.
    package mutating func endClass() {
        guard inClass.weight > 0 else { return }
        let mean = inClass.mean
        ofClasses.add(mean.span, weight: inClass.weight)
        if classCount > 0 { betweenProducts.add(ofClasses.deviation) }
        classCount += 1
        inClass.reset()
    }
}
