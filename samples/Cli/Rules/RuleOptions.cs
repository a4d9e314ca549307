using System.CommandLine;
using System.CommandLine.Parsing;
using PackingKit.Samples;

namespace PackingKit.Cli;

/// <summary>The options by which <c>pack</c> is told what may share a bin, and what else items take; most name columns of CSV.</summary>
internal sealed class RuleOptions
{
    private readonly Option<string[]> _resources = new("--resource")
    {
        Description = "Another column of sizes, and what a bin holds of it: --resource images=8. May be given several times.",
        HelpName = "NAME|INDEX=CAPACITY",
    };

    private readonly Option<string?> _group = Column("--group", "The column of groups: equal entries share a bin.");

    private readonly Option<bool> _splitGroups = new("--split-groups")
    {
        Description = "With --group: split a group that no bin takes, instead of refusing it.",
    };

    private readonly Option<string[]> _apart = new("--apart")
    {
        Description = "A column of marks, parted by | where there are several: items with a mark in common do not share a bin.",
        HelpName = "NAME|INDEX",
    };

    private readonly Option<string?> _class = Column("--class", "The column of classes; --max-classes limits their number in a bin.");

    private readonly Option<int?> _maxClasses = InputOptions.Positive<int>("--max-classes", "The most classes of a bin.");

    private readonly Option<decimal?> _minLoad = InputOptions.Positive<decimal>(
        "--min-load", "The least that a bin holds, in the unit of the sizes.");

    private readonly Option<bool> _leaveOut = new("--leave-out")
    {
        Description = "Leave out lines above a capacity and name them, instead of refusing the file.",
    };

    public void AddTo(Command command, Option<string> strategy)
    {
        foreach (var option in (Option[])[_resources, _group, _splitGroups, _apart, _class, _maxClasses, _minLoad, _leaveOut])
        {
            HelpPage.Group("Rules", option);
            command.Options.Add(option);
        }
        _resources.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (!ResourceColumn.TryParse(token.Value, out _))
                    result.AddError($"Cannot parse argument '{token.Value}' for --resource: expected a column, = and a capacity above 0.");
            var columns = result.Tokens.Select(token => ResourceColumn.TryParse(token.Value, out var resource) ? resource.Column : null);
            foreach (var twice in columns.OfType<string>().GroupBy(column => column).Where(alike => alike.Count() > 1))
                result.AddError($"--resource names '{twice.Key}' twice.");
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(_splitGroups) && result.GetValue(_group) is null)
                result.AddError("--split-groups is for --group.");
            if (result.GetResult(_class) is null != (result.GetResult(_maxClasses) is null))
                result.AddError("--class and --max-classes belong together.");
            if (result.GetResult(strategy)?.Tokens is [var token] && Unfit(token.Value, IsAsked(result)) is { } mistake)
                result.AddError(mistake);
        });
    }

    /// <summary>Whether there are rules, or resources beside the sizes.</summary>
    public bool IsAsked(ParseResult parsed) => IsAsked(parsed.CommandResult);

    /// <summary>The rules as they are asked for: "--apart replica".</summary>
    public string[] Names(ParseResult parsed) =>
    [
        .. ((Option[])[_resources, _group, _splitGroups, _apart, _class, _maxClasses, _minLoad]).SelectMany(option =>
            parsed.GetResult(option) is not { Implicit: false } result ? (IEnumerable<string>)[]
            : result.Tokens.Count == 0 ? [option.Name] : result.Tokens.Select(token => $"{option.Name} {token.Value}")),
    ];

    /// <summary>The lines above a capacity, where they are to be left out; each is named on standard error.</summary>
    public Func<Input, IReadOnlySet<int>>? LeavesOut(ParseResult parsed, Terminal terminal, string? countColumn) =>
        !parsed.GetValue(_leaveOut) ? null : input =>
        {
            var lines = new SortedSet<int>();
            var resources = Resources(parsed).Select(resource => (
                Sizes: resource.Read(input, countColumn), resource.Capacity, Of: $" of '{resource.Column}'"));
            foreach (var (sizes, capacity, of) in resources.Prepend((input.Sizes, input.Capacity, "")))
                foreach (var (line, what) in Above(sizes, capacity, of))
                    if (lines.Add(line))
                        terminal.Error.Say($"{input.File}:{line}: left out: {what}");
            return lines;
        };

    /// <summary>The lines of sizes above a capacity, as the file measures them, each with what is wrong.</summary>
    private static IEnumerable<(int Line, string What)> Above(SizeList sizes, decimal capacity, string of)
    {
        var (units, last) = (sizes.ToUnits(capacity), 0);
        for (var item = 0; item < sizes.ItemCount; item++)
            if (sizes.Sizes[item] > units && sizes.LineOf(item) is var line && line != last)
            {
                last = line;
                yield return (line, $"{sizes.FromUnits(sizes.Sizes[item])}{of} is above the capacity {capacity}.");
            }
    }

    /// <summary>An input with its rules as a problem.</summary>
    /// <exception cref="InputException">The input has not what the options ask for, or a rule cannot be kept.</exception>
    public ConstrainedProblem Read(ParseResult parsed, Input input, string? countColumn)
    {
        var columns = new RuleColumns(input);
        var resources = Resources(parsed).Select(resource => (resource, Sizes: resource.Read(input, countColumn))).ToArray();
        string[] above =
        [
            .. resources.SelectMany(each => Above(each.Sizes, each.resource.Capacity, $" of '{each.resource.Column}'"))
                .OrderBy(found => found.Line).Select(found => $"{input.File}:{found.Line}: {found.What}"),
        ];
        if (above.Length > 0)
            throw new InputException(above);
        if (parsed.GetValue(_minLoad) > input.Capacity)
            throw new InputException(
                input.File, 0, $"--min-load {parsed.GetValue(_minLoad)} is above the capacity {input.Capacity}.");
        var sizes = new long[input.Problem.ItemCount * (1 + resources.Length)];
        for (var item = 0; item < input.Problem.ItemCount; item++)
        {
            sizes[item * (1 + resources.Length)] = input.Problem[item];
            for (var at = 0; at < resources.Length; at++)
                sizes[(item * (1 + resources.Length)) + 1 + at] = resources[at].Sizes.Sizes[item];
        }
        long[] capacities = [input.Problem.Capacity, .. resources.Select(each => each.Sizes.ToUnits(each.resource.Capacity))];
        var (groups, names) = columns.Labels(parsed.GetValue(_group));
        if (names.Count > 0 && !parsed.GetValue(_splitGroups))
            RefuseLargeGroups(
                input, groups, names,
                [
                    (input.Sizes, input.Capacity, ""),
                    .. resources.Select(each => (each.Sizes, each.resource.Capacity, $" of '{each.resource.Column}'")),
                ]);
        var rules = new PackingRules
        {
            Conflicts = [.. (parsed.GetValue(_apart) ?? []).SelectMany(columns.Pairs)],
            Groups = groups,
            SplitLargeGroups = parsed.GetValue(_splitGroups),
            Classes = columns.Labels(parsed.GetValue(_class)).Numbers,
            MaxClasses = parsed.GetValue(_maxClasses),
            MinLoads = parsed.GetValue(_minLoad) is { } load
                ? [(long)Math.Min(long.MaxValue, decimal.Ceiling(load / input.Sizes.FromUnits(1))), .. new long[resources.Length]] : [],
            MaxItems = input.Problem.Limits.MaxItems,
        };
        try
        {
            return ConstrainedProblem.Create(sizes, capacities, rules);
        }
        catch (ArgumentException wrong)
        {
            // Groups by the names that the file gives them.
            var message = wrong.Message.Split(" (Parameter ", 2)[0];
            var group = Enumerable.Range(0, names.Count)
                .FirstOrDefault(number => message.StartsWith($"Group {number} ", StringComparison.Ordinal), -1);
            throw new InputException(
                input.File, 0, group < 0 ? message : $"Group '{names[group]}'{message[$"Group {group}".Length..]}");
        }
    }

    /// <summary>Names the groups that take more than a bin holds, each at its first line, as the file measures it.</summary>
    private static void RefuseLargeGroups(
        Input input, ValueList<int> groups, IReadOnlyList<string> names, (SizeList Sizes, decimal Capacity, string Of)[] resources)
    {
        string[] large =
        [
            .. from items in Enumerable.Range(0, groups.Count).GroupBy(item => groups[item])
               where items.Key != PackingRules.None
               from resource in resources
               let total = items.Sum(item => resource.Sizes.FromUnits(resource.Sizes.Sizes[item]))
               where total > resource.Capacity
               select $"{input.File}:{input.Sizes.LineOf(items.First())}: Group '{names[items.Key]}' cannot share a bin: "
                   + $"it takes {total}{resource.Of}, above the capacity {resource.Capacity}.",
        ];
        if (large.Length > 0)
            throw new InputException(large);
    }

    /// <summary>Why a strategy does not fit; <see langword="null"/> where it does.</summary>
    private static string? Unfit(string id, bool hasRules) =>
        hasRules && !ConstrainedStrategies.Ids.Contains(id) && StrategyOptions.Unknown(id) is null
            ? $"'{id}' packs by size alone. With rules or resources say one of {string.Join(", ", ConstrainedStrategies.Ids)}."
        : !hasRules && ConstrainedStrategies.Ids.Contains(id) && StrategyOptions.Unknown(id) is not null
            ? $"'{id}' is for rules and resources: --resource, --group, --apart, --class or --min-load."
        : null;

    private IEnumerable<ResourceColumn> Resources(ParseResult parsed) =>
        (parsed.GetValue(_resources) ?? []).Select(text => ResourceColumn.TryParse(text, out var column) ? column : default);

    private bool IsAsked(CommandResult result) =>
        ((Option[])[_resources, _group, _apart, _class, _minLoad]).Any(option => result.GetResult(option) is not null);

    private static Option<string?> Column(string name, string description) =>
        new(name) { Description = description, HelpName = "NAME|INDEX" };
}
