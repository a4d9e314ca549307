using System.CommandLine;
using System.Globalization;
using PackingKit.Samples;

namespace PackingKit.Cli;

/// <summary>Prints sizes from the workload families, or like those of a file. A seed repeats its list.</summary>
internal static class GenerateCommand
{
    private static readonly Parameter
        Items = new("--items", "Number of items.", 1000, IsWhole: true),
        Bins = new("--bins", "Number of bins in the optimum.", 40, IsWhole: true),
        Smallest = new("--min", "What smaller sizes are raised to.", 1, IsWhole: true),
        Largest = new("--max", "What larger sizes are cut to.", 2048, IsWhole: true),
        Capacity = new("--capacity", "What one bin holds.", 1000, IsWhole: true);

    private static readonly Family[] Families =
    [
        new("lognormal", "Lengths of documents and prompts: log-normal, cut to a range.",
            [Items, new("--median", "Half of the sizes are below it.", 400), new("--sigma", "Deviation of the logarithm.", 1), Smallest,
                Largest],
            (of, seed) => Lengths(RandomSizes.LogNormal(
                of.Whole(Items), of.Real("--median"), of.Real("--sigma"), of.Whole(Smallest), of.Whole(Largest), seed))),
        new("weibull", "Weibull, cut to a range; as it is, the arena of online heuristics found by search, for bins of 100.",
            [Items, new("--scale", "63 of 100 sizes are below it.", 45), new("--shape", "The larger, the closer to the scale.", 3),
                Smallest, Largest with { Default = 100 }],
            (of, seed) => Lengths(RandomSizes.Weibull(
                of.Whole(Items), of.Real("--scale"), of.Real("--shape"), of.Whole(Smallest), of.Whole(Largest), seed))),
        new("uniform", "Every size of a range alike.", [Items, Smallest, Largest],
            (of, seed) => Lengths(RandomSizes.Uniform(of.Whole(Items), of.Whole(Smallest), of.Whole(Largest), seed))),
        new("falkenauer-u", "Falkenauer's class U: 20 to 100 in bins of 150.", [Items with { Default = 120 }],
            (of, seed) => Problem(ProblemGenerators.FalkenauerUniform(of.Whole(Items), seed))),
        new("falkenauer-t", "Falkenauer's class T: three items fill a bin of 1000; optimum known.", [Bins],
            (of, seed) => Planted(ProblemGenerators.FalkenauerTriplets(of.Whole(Bins), seed))),
        new("triplets", "Three items of a quarter to half a bin fill it; optimum known, and hard to find.", [Bins, Capacity],
            (of, seed) => Planted(ProblemGenerators.QuarterToHalfTriplets(of.Whole(Bins), of.Whole(Capacity), seed))),
        new("full-bins", "Full bins cut at random places; optimum known.",
            [Bins, Capacity, new("--min-items", "Fewest items of a bin.", 2, IsWhole: true),
                new("--max-items", "Most items of a bin.", 6, IsWhole: true)],
            (of, seed) => Planted(ProblemGenerators.FullBins(
                of.Whole(Bins), of.Whole(Capacity), (int)of.Real("--min-items"), (int)of.Real("--max-items"), seed))),
        new("scholl1", "Set 1 of Scholl, Klein and Jürgens: uniform up to 100.",
            [Items with { Default = 100 }, Capacity with { Default = 100 }, Smallest],
            (of, seed) => Problem(ProblemGenerators.Scholl1(of.Whole(Items), of.Whole(Capacity), of.Whole(Smallest), seed))),
        new("scholl2", "Their set 2: about a given number of items in bins of 1000.",
            [Items with { Default = 100 }, new("--per-bin", "Capacity over mean size.", 5, IsWhole: true),
                new("--deviation", "Largest deviation from the mean, per cent.", 50, IsWhole: true)],
            (of, seed) => Problem(ProblemGenerators.Scholl2(
                of.Whole(Items), (int)of.Real("--per-bin"), (int)of.Real("--deviation"), seed))),
        new("scholl3", "Their set 3: 20,000 to 35,000 in bins of 100,000.", [Items with { Default = 200 }],
            (of, seed) => Problem(ProblemGenerators.Scholl3(of.Whole(Items), seed))),
    ];

    public static Command Create(Terminal terminal)
    {
        var command = new Command(
            "generate",
            "Print sizes of a family: lengths one a line, problems as BPP with their capacity and, where known, their optimum.");
        foreach (var family in Families)
            command.Subcommands.Add(Of(family, terminal));
        command.Subcommands.Add(Fit(terminal));
        HelpPage.AddExamples(
            command, "generate lognormal --items 100000 --median 400 --max 2048 -o lengths.txt",
            "generate falkenauer-t --bins 40 --seed 7 -o hard.bpp", "generate fit lengths.csv --items 1000000 -o more.txt");
        return command;
    }

    private static Command Of(Family family, Terminal terminal)
    {
        var command = new Command(family.Name, family.Words);
        var options = family.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.ToOption());
        var seed = SeedOption();
        foreach (var option in options.Values)
            command.Options.Add(option);
        command.Options.Add(seed);
        command.SetAction(parsed =>
        {
            var chosen = family.Parameters.ToDictionary(
                parameter => parameter.Name, parameter => parsed.GetValue(options[parameter.Name]) ?? parameter.Default);
            var start = parsed.GetValue(seed) ?? 0;
            var said = string.Concat(chosen.Select(each => string.Create(CultureInfo.InvariantCulture, $" {each.Key} {each.Value}")));
            Write(
                terminal, string.Create(CultureInfo.InvariantCulture, $"packingkit generate {family.Name}{said} --seed {start}"),
                Made(family.Name, () => family.Draw(new Values(chosen), start)));
            return CommandLine.Success;
        });
        return command;
    }

    private static Command Fit(Terminal terminal)
    {
        var command = new Command("fit", "Lengths like those of a file: the nearest of log-normal, Weibull and uniform.");
        var inputs = new InputOptions();
        inputs.Files.Description = "One file of sizes; '-' for standard input.";
        inputs.Files.Validators.Add(result =>
        {
            if (result.Tokens.Count > 1)
                result.AddError("One file is fitted at a time.");
        });
        var items = InputOptions.Positive<int>("--items", "Number of items. By default as many as the file has.");
        var seed = SeedOption();
        command.Arguments.Add(inputs.Files);
        inputs.AddTo(command);
        command.Options.Add(items);
        command.Options.Add(seed);
        command.SetAction(parsed =>
        {
            var input = inputs.CountOne(parsed, terminal);
            var (start, count) = (parsed.GetValue(seed) ?? 0, parsed.GetValue(items) ?? input.Sizes.ItemCount);
            var made = Made(input.File, () =>
            {
                var fit = FittedSizes.Of(input.Histogram);
                var drawn = Lengths(fit.Draw(count, start));
                var units = input.Sizes.Decimals == 0 ? "" : $" in units of {input.Sizes.FromUnits(1)}";
                return drawn with
                {
                    Words = string.Create(CultureInfo.InvariantCulture, $"{fit}{units}, at distance {fit.Distance:F3}"),
                    Decimals = input.Sizes.Decimals,
                };
            });
            var given = string.Concat(command.Options.Except([items, seed]).Select(Given));
            Write(terminal, string.Create(
                CultureInfo.InvariantCulture,
                $"packingkit generate fit {ReportFacts.Quoted(input.File)}{given} --items {count} --seed {start}"), made);

            string Given(Option option) => parsed.GetResult(option) is not { Implicit: false } result ? ""
                : $" {option.Name} {string.Join(' ', result.Tokens.Select(token => ReportFacts.Quoted(token.Value)))}";
            return CommandLine.Success;
        });
        return command;
    }

    private static Option<int?> SeedOption() => NumberOption.Create<int>(
        "--seed", "Seed of the generator. By default 0.", seed => seed >= 0 ? null : "at least 0");

    /// <summary>What the library refuses is said as of the command line.</summary>
    private static Generated Made(string what, Func<Generated> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException bad)
        {
            throw new InputException(what, 0, bad.Message.Split(" (Parameter ")[0]); // whose is not the user's
        }
    }

    private static void Write(Terminal terminal, string command, Generated made)
    {
        var output = terminal.Output;
        output.WriteLine($"# {command}");
        if (made.Words is { } words)
            output.WriteLine($"# {words}");
        if (made.Capacity is { } capacity)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{made.Sizes.Count}\n{capacity}"));
        var unit = new decimal(1, 0, 0, isNegative: false, (byte)made.Decimals);
        foreach (var size in made.Sizes)
            output.WriteLine((size * unit).ToString(CultureInfo.InvariantCulture));
    }

    private static Generated Lengths(int[] sizes) => new([.. sizes.Select(size => (long)size)], Capacity: null, Words: null);

    private static Generated Problem(PackingProblem problem) =>
        new([.. Enumerable.Range(0, problem.ItemCount).Select(item => problem[item])], problem.Capacity, Words: null);

    private static Generated Planted(PlantedProblem planted) =>
        Problem(planted.Problem) with { Words = string.Create(CultureInfo.InvariantCulture, $"optimum {planted.Optimum}") };

    /// <param name="Name">Of the subcommand.</param>
    /// <param name="Words">For the help.</param>
    /// <param name="Parameters">Its options.</param>
    /// <param name="Draw">Makes sizes from their values and a seed.</param>
    private sealed record Family(string Name, string Words, Parameter[] Parameters, Func<Values, int, Generated> Draw);

    private sealed record Parameter(string Name, string Words, double Default, bool IsWhole = false)
    {
        public Option<double?> ToOption() => NumberOption.Create<double>(
            Name, string.Create(CultureInfo.InvariantCulture, $"{Words} By default {Default}."),
            value => !double.IsFinite(value) ? "a number" : value < 0 ? "at least 0"
                : IsWhole && (value != Math.Floor(value) || value > int.MaxValue) ? "a whole number up to 2147483647" : null);
    }

    private sealed class Values(Dictionary<string, double> chosen)
    {
        public double Real(string name) => chosen[name];

        public int Whole(Parameter parameter) => (int)chosen[parameter.Name];
    }

    /// <param name="Sizes">In units.</param>
    /// <param name="Capacity">What one bin holds, where it is known.</param>
    /// <param name="Words">What is to be said of them.</param>
    /// <param name="Decimals">Digits after the decimal point of the unit.</param>
    private sealed record Generated(IReadOnlyList<long> Sizes, long? Capacity, string? Words, int Decimals = 0);
}
