using PackingKit.Testing;
using Xunit;

namespace PackingKit.Attention.Tests;

/// <summary>The folders of src.Attention are floors of a house: each names only itself and those below it.</summary>
public class FolderArrowTests
{
    /// <summary>From the ground up. Below the line are plain arrays, above it tensors.</summary>
    private static readonly string[][] Floors =
        [["Layouts"], ["Dialects"], /* line */ ["Native"], ["Cuda"], ["Batches"], ["Kernels"], ["Attention"], ["Embedding"]];

    private static readonly FolderArrows Folders = new(Repository.PathOf("src.Attention"), Floors);

    [Fact]
    public void Every_file_is_in_one_of_the_folders_and_none_is_overfull()
    {
        Assert.Equal(Folders.Rooms.Order(StringComparer.Ordinal), Folders.FileCounts.Keys.Order(StringComparer.Ordinal));
        Assert.All(
            Folders.FileCounts, folder =>
                Assert.True(folder.Value is >= 4 and <= 12, $"{folder.Key} has {folder.Value} files, not 4 to 12."));
    }

    [Fact]
    public void A_folder_names_only_types_of_itself_and_of_folders_below()
    {
        var types = Folders.RoomOfType().Count;
        Assert.True(types > 40, $"Only {types} types were found: does the pattern still match?");
        Assert.Empty(Folders.UpwardArrows());
    }

    [Theory]
    [InlineData("Layouts")]
    [InlineData("Dialects")]
    public void Below_the_line_there_are_no_tensors(string folder) =>
        Assert.All(Folders.Sources(folder), source =>
            Assert.False(source.Code.Contains("TorchSharp", StringComparison.Ordinal), source.File));
}
