using FsCheck;
using FsCheck.Fluent;

namespace PackingKit.Testing;

/// <summary>What FsCheck draws cases from: <c>[Properties(Arbitrary = [typeof(Arbitraries)])]</c>.</summary>
public static class Arbitraries
{
    private const int MaxPlantedItems = 120;

    public static Arbitrary<PackingCase> Cases() => Arb.From(Drawn(), CaseShrinker.Shrink);

    public static Arbitrary<SmallCase> SmallCases() => Arb.From(
        Drawn(SmallCase.MaxItems).Where(drawn => drawn.Sizes.Length <= SmallCase.MaxItems).Select(drawn => new SmallCase(drawn)),
        small => CaseShrinker.Shrink(small.Case).Select(shrunk => new SmallCase(shrunk)));

    /// <summary>Prompts that begin alike; some may be above the budget.</summary>
    public static Arbitrary<PrefixCase> PrefixCases() => Arb.From(
        Gen.Sized(size =>
            from random in Randoms()
            from prompts in Gen.Choose(0, size)
            select PrefixCase.Random(random, prompts)),
        PrefixCase.Shrink);

    /// <summary>Items with resources and rules; some may fit no bin, and there may be no packing.</summary>
    public static Arbitrary<ConstrainedCase> ConstrainedCases() => ConstrainedCases(int.MaxValue);

    /// <summary>The same of at most so many items.</summary>
    internal static Arbitrary<ConstrainedCase> ConstrainedCases(int maxItems) => Arb.From(
        Gen.Sized(size =>
            from random in Randoms()
            from items in Gen.Choose(0, Math.Min(size, maxItems))
            select ConstrainedCase.Random(random, items)),
        ConstrainedCase.Shrink);

    /// <summary>Not shrunk: a smaller case would have another optimum.</summary>
    public static Arbitrary<PlantedCase> PlantedCases() => PlantedCases(MaxPlantedItems);

    /// <summary>Planted cases of about so many items at most: the last bin is always full.</summary>
    internal static Arbitrary<PlantedCase> PlantedCases(int maxItems) => Arb.From(
        from random in Randoms()
        from items in Gen.Choose(1, Math.Min(maxItems, MaxPlantedItems))
        from triplets in Gen.Elements(true, false)
        select triplets ? CaseShapes.Triplets(random, items) : CaseShapes.FullBins(random, items));

    /// <summary>
    /// A third each of small cases, cases of about <paramref name="maxItems"/> items at most and planted ones, so that a fault is met
    /// wherever it begins.
    /// </summary>
    internal static Arbitrary<PackingCase> MixedCases(int maxItems) => Arb.From(
        Gen.OneOf(Drawn(SmallCase.MaxItems), Drawn(maxItems), PlantedCases(maxItems).Generator.Select(planted => planted.Case)),
        CaseShrinker.Shrink);

    /// <summary>The same with a limit of one to five items a bin.</summary>
    internal static Arbitrary<PackingCase> LimitedCases(int maxItems) => Arb.From(
        from drawn in MixedCases(maxItems).Generator
        from random in Randoms()
        select CaseShapes.Limited(random, drawn),
        limited => CaseShrinker.Shrink(limited).Where(shrunk => shrunk.Limits.HasItemLimit));

    /// <summary>One case in three has an item limit.</summary>
    private static Gen<PackingCase> Drawn(int mostItems = int.MaxValue) => Gen.Sized(size =>
        from random in Randoms()
        from items in Gen.Choose(0, Math.Min(size, mostItems))
        from shape in Gen.Elements(CaseShapes.All.ToArray())
        from limited in Gen.Elements(true, false, false)
        let drawn = shape(random, items)
        select limited ? CaseShapes.Limited(random, drawn) : drawn);

    private static Gen<Random> Randoms() => Gen.Choose(0, int.MaxValue).Select(seed => new Random(seed));
}
