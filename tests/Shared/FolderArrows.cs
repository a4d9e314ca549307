using System.Text.RegularExpressions;

namespace PackingKit.Testing;

/// <summary>
/// The folders of a source tree as the floors of a house: code names only types of its own room and of the floors below. A room is a folder
/// without its subfolders, "" the tree's root; rooms on one floor do not know each other.
/// </summary>
public sealed partial class FolderArrows(string root, IReadOnlyList<IReadOnlyList<string>> floors)
{
    /// <summary>The number of C# files in each folder that has any.</summary>
    public IReadOnlyDictionary<string, int> FileCounts { get; } =
        Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .GroupBy(file => Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace('\\', '/'))
            .ToDictionary(folder => folder.Key == "." ? "" : folder.Key, folder => folder.Count());

    /// <summary>All rooms, from the ground up.</summary>
    public IReadOnlyList<string> Rooms { get; } = [.. floors.SelectMany(floor => floor)];

    /// <summary>The room that declares each type; a generic type is "Name&lt;".</summary>
    public IReadOnlyDictionary<string, string> RoomOfType()
    {
        var roomOf = new Dictionary<string, string>();
        foreach (var room in Rooms)
            foreach (var (file, code) in Sources(room))
                foreach (Match declared in Declaration().Matches(code))
                    if (!roomOf.TryAdd(declared.Groups["name"].Value, room) && roomOf[declared.Groups["name"].Value] != room)
                        throw new InvalidOperationException($"{declared.Groups["name"].Value} of {file} is in two rooms.");
        return roomOf;
    }

    /// <summary>Each file that names a type of a floor above, or of another room on its floor.</summary>
    public IEnumerable<string> UpwardArrows()
    {
        var roomOf = RoomOfType();
        var floorOf = floors.SelectMany((rooms, floor) => rooms.Select(room => (room, floor))).ToDictionary(at => at.room, at => at.floor);
        return
            from room in Rooms
            from source in Sources(room)
            from name in Names(source.Code).Distinct()
            where roomOf.TryGetValue(name, out var other) && other != room && floorOf[other] >= floorOf[room]
            select $"{source.File} names {name.TrimEnd('<')} of {roomOf[name]}";
    }

    /// <summary>The files of a room, by their path in the tree, with their code.</summary>
    public IEnumerable<(string File, string Code)> Sources(string room) =>
        Directory.EnumerateFiles(Path.Combine(root, room), "*.cs").Order(StringComparer.Ordinal).Select(file =>
            (Path.GetRelativePath(root, file), WithoutText(File.ReadAllText(file))));

    /// <summary>What may be a type in code; a name with type arguments ends in "&lt;".</summary>
    public static IEnumerable<string> Names(string code) => Name().Matches(WithoutText(code)).Select(match => match.Value);

    /// <summary>Code without comments and literals; of an interpolated string the expressions stay.</summary>
    private static string WithoutText(string code) => Text().Replace(code, match =>
        match.Value[0] == '$' ? string.Join(' ', Hole().Matches(match.Value).Select(hole => hole.Groups[1].Value)) : " ");

    [GeneratedRegex("""
        //[^\n]* | /\*.*?\*/ | \$*\"{3}.*?\"{3} | \$?@\"(?:\"\"|[^\"])*\" | \$?\"(?:\\.|[^\"\\\n])*\" | '(?:\\.|[^'\\\n])+'
        """, RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Text();

    [GeneratedRegex(@"\{([^{}]*)\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"^(?:public|internal)\s(?:[\w\s]*\b(?:class|record|struct|interface|enum)|delegate\s[\w.]+)\s+(?<name>\w+<?)",
        RegexOptions.Multiline)]
    private static partial Regex Declaration();

    /// <summary>Not a member after a dot (but after a spread), not what is assigned, not a method (but what follows "new").</summary>
    [GeneratedRegex(@"(?:(?<![.\w])|(?<=\.\.))(?>[A-Za-z_]\w*<?)(?!\s*=)(?:(?!\s*\()|(?<=\bnew\s+\w+<?))")]
    private static partial Regex Name();
}
