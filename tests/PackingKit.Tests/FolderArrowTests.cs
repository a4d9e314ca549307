using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>The folders of src are floors of a house: each names only itself and those below it.</summary>
public class FolderArrowTests
{
    /// <summary>A folder is a room that one can look over.</summary>
    private const int MinFiles = 4, MaxFiles = 12;

    /// <summary>The root, which the caller sees first, may have more files.</summary>
    private const string Root = "";

    /// <summary>
    /// Fewer files are right where a folder is all of one thing: a strategy, what the strategies share, or counting, a term of its
    /// own, whose three files (tables, counter, order) neither allocate memory nor deal.
    /// </summary>
    private static bool MayBeSmall(string room) => room.StartsWith("Heuristics", StringComparison.Ordinal) || room == "Counting";

    /// <summary>The room of each heuristic, found by its folder; modified first-fit ends as first-fit, so that one is below.</summary>
    private static readonly string[] Heuristics =
    [
        .. Directory.GetDirectories(Repository.PathOf("src", "Heuristics")).Select(folder => $"Heuristics/{Path.GetFileName(folder)}")
            .Where(room => room != "Heuristics/FirstFit"),
    ];

    /// <summary>From the ground up; the folders of one line do not know each other.</summary>
    private static readonly string[][] Floors =
    [
        ["Memory"], ["Counting"], [""], ["Dealing"], ["Residuals"], ["Bounds"],
        ["Heuristics"], ["Heuristics/FirstFit"], Heuristics,
        ["Quality/Certificates"], ["Quality"], ["Constrained"], ["Constrained/Strategies"], ["Decorators"], ["Embedding"],
        ["Exact/LinearPrograms"], ["Exact/Columns"], ["Exact/CpSat"], ["Exact/Reductions"], ["Exact/Search"],
        ["Exact/CuttingStock"], ["Exact/CuttingStock/Engine"], ["Exact"],
        ["Balance"], ["Balance/MicroBatches"], ["Streaming"], ["Documents"], ["Sharding"], ["Prefixes"], ["Prefixes/Strategies"],
        ["Workloads"], ["IO"], ["IO/Json"], ["Catalogue"], ["Choosing"],
    ];

    private static readonly FolderArrows Folders = new(Repository.PathOf("src"), Floors);

    [Fact]
    public void Every_file_is_in_one_of_the_folders_and_none_is_overfull_or_nearly_empty()
    {
        Assert.Equal(Folders.Rooms.Order(StringComparer.Ordinal), Folders.FileCounts.Keys.Order(StringComparer.Ordinal));
        Assert.All(Folders.FileCounts.Where(folder => folder.Key != Root), folder => Assert.True(
            folder.Value <= MaxFiles && (folder.Value >= MinFiles || MayBeSmall(folder.Key)),
            $"{folder.Key} has {folder.Value} files, not {MinFiles} to {MaxFiles}."));
    }

    [Fact]
    public void A_folder_names_only_types_of_itself_and_of_folders_below()
    {
        var types = Folders.RoomOfType().Count;
        Assert.True(types > 140, $"Only {types} types were found: does the pattern still match?");
        Assert.Empty(Folders.UpwardArrows());
    }

    [Fact]
    public void Only_the_exact_strategies_name_the_solvers()
    {
        var naming = Folders.Rooms.Where(room => Folders.Sources(room).Any(
            source => source.Code.Contains("Google.OrTools", StringComparison.Ordinal)));
        Assert.All(naming, room => Assert.Equal("Exact", room.Split('/')[0]));
        Assert.NotEmpty(naming);
    }

    /// <summary>Whichever way code has of naming what is above it.</summary>
    [Theory]
    [InlineData("var x = Top.All;", "names Top")]
    [InlineData("var x = typeof(PackingKit.Top);", "names Top")]
    [InlineData("var x = PackingKit.Top.All;", "names Top")]
    [InlineData("var x = global::PackingKit.Top.All;", "names Top")]
    [InlineData("using static PackingKit.Top;", "names Top")]
    [InlineData("var x = new PackingKit.Attention.Top();", "names Top")]
    [InlineData("var x = plan.Spread(3);", "calls Spread")]
    [InlineData("var x = plan.Spread<int>(3);", "calls Spread")]
    [InlineData("var x = plan.Shared(3);", null)]
    [InlineData("var x = plan.Top;", null)]
    [InlineData("var x = plan.Spread;", null)]
    public void Every_way_up_is_found(string code, string? found)
    {
        var root = Directory.CreateTempSubdirectory().FullName;
        try
        {
            Write("Low", $"{code}\npublic class Low {{ public int Shared(int x) => x; }}");
            Write(
                "High",
                "public static class Top { public static int Spread<T>(this T x) => 0; public static int Shared(this Low x) => 0; }");
            var arrows = new FolderArrows(root, [["Low"], ["High"]]).UpwardArrows();
            Assert.Equal(found is null ? [] : [$"{Path.Combine("Low", "Low.cs")} {found} of High"], arrows);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }

        void Write(string room, string text) =>
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(root, room)).FullName, $"{room}.cs"), text);
    }

    [Fact]
    public void Names_in_comments_and_strings_do_not_count_and_those_in_interpolations_do()
    {
        const string code = """"
            /* A */ x = "B" + @"C ""B""" + """
                D "B"
                """ + $"E {F}" + '"'; // G
            H h = I.J<K>.L + [.. M] + new N(O(P));
            """";
        Assert.Equal(["F", "H", "I", "K", "M", "new", "N", "P"], FolderArrows.Names(code));
    }
}
