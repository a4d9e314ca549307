using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>The folders of src are floors of a house: each names only itself and those below it.</summary>
public class FolderArrowTests
{
    /// <summary>The largest number of files in a folder; the root, which the caller sees first, may have more.</summary>
    private const int MaxFiles = 12;

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
        ["Quality"], ["Decorators"],
        ["Exact/LinearPrograms"], ["Exact/Columns"], ["Exact/CpSat"], ["Exact/Search"], ["Exact/CuttingStock"], ["Exact"],
        ["Balance"], ["Streaming"], ["Workloads"], ["IO"], ["IO/Json"], ["Catalogue"],
    ];

    private static readonly FolderArrows Folders = new(Repository.PathOf("src"), Floors);

    [Fact]
    public void Every_file_is_in_one_of_the_folders_and_none_is_overfull()
    {
        Assert.Equal(Folders.Rooms.Order(StringComparer.Ordinal), Folders.FileCounts.Keys.Order(StringComparer.Ordinal));
        Assert.All(Folders.FileCounts.Where(folder => folder.Key != ""),
            folder => Assert.True(folder.Value <= MaxFiles, $"{folder.Key} has {folder.Value} files, more than {MaxFiles}."));
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
