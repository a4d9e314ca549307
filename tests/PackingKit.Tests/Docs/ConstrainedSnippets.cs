using Xunit;

namespace PackingKit.Tests;

/// <summary>The code of the page on several resources and rules.</summary>
public class ConstrainedSnippets
{
    [Fact]
    public void Resources_rules_and_what_is_left_out()
    {
        #region resources
        // Memory and cores of four jobs, into machines of 8 and 8.
        var problem = ConstrainedProblem.Create([4, 6, 4, 6, 4, 1, 4, 1], capacities: [8, 8]);
        ConstrainedResult result = new ConstrainedFirstFit().Pack(problem);

        Console.WriteLine(result); // 2 bins, bound 2 (L1 of resource 0): Optimal
        for (var bin = 0; bin < result.BinCount; bin++)
            Console.WriteLine($"{result.Load(bin, 0)} and {result.Load(bin, 1)}: jobs {string.Join(", ", result.ItemsOf(bin).ToArray())}");
        #endregion
        Assert.Equal("2 bins, bound 2 (L1 of resource 0): Optimal", result.ToString());

        #region rules
        var ruled = ConstrainedProblem.Create([4, 6, 4, 6, 4, 1, 4, 1], [8, 16], new PackingRules
        {
            Conflicts = [(0, 1)],       // jobs 0 and 1 are kept apart
            Groups = [7, -1, -1, 7],    // jobs 0 and 3 share a machine
            Classes = [0, 0, 1, 1],     // of two classes ...
            MaxClasses = 2,             // ... a machine takes both
            MinLoads = [8, 0],          // all memory of a machine is used
        });
        Console.WriteLine(new ConstrainedExact().Pack(ruled)); // 2 bins, bound 2 (L1 of resource 0): Optimal
        #endregion
        Assert.Equal("2 bins, bound 2 (L1 of resource 0): Optimal", new ConstrainedExact().Pack(ruled).ToString());

        #region left-out
        var rest = ConstrainedProblem.CreateLeavingOut([400, 9_000, 700, 12_000], [8_192]);
        Console.WriteLine(rest.LeftOut); // [1, 3]
        #endregion
        Assert.Equal("[1, 3]", rest.LeftOut.ToString());
    }
}
