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

    /// <summary>
    /// The room that declares each extension method, as far as its name tells: not where there is a method of that name that is none.
    /// </summary>
    public IReadOnlyDictionary<string, string> RoomOfExtension()
    {
        var roomOf = new Dictionary<string, string>();
        HashSet<string> ambiguous = [];
        foreach (var room in Rooms)
        {
            foreach (var (_, code) in Sources(room))
            {
                ambiguous.UnionWith(Method().Matches(code).Select(method => method.Groups["name"].Value));
                foreach (Match extension in Extension().Matches(code))
                    if (!roomOf.TryAdd(extension.Groups["name"].Value, room) && roomOf[extension.Groups["name"].Value] != room)
                        ambiguous.Add(extension.Groups["name"].Value);
            }
        }
        return roomOf.Where(extension => !ambiguous.Contains(extension.Key)).ToDictionary();
    }

    /// <summary>
    /// Each file that names a type, or calls an extension method, of a floor above or of another room on its floor.
    /// </summary>
    public IEnumerable<string> UpwardArrows()
    {
        var (roomOfType, roomOfExtension) = (RoomOfType(), RoomOfExtension());
        var floorOf = floors.SelectMany((rooms, floor) => rooms.Select(room => (room, floor))).ToDictionary(at => at.room, at => at.floor);
        return
            from room in Rooms
            from source in Sources(room)
            from arrow in Arrows(Names(source.Code), roomOfType, "names")
                .Concat(Arrows(Calls(source.Code), roomOfExtension, "calls"))
            where arrow.Room != room && floorOf[arrow.Room] >= floorOf[room]
            select $"{source.File} {arrow.Words}";

        static IEnumerable<(string Room, string Words)> Arrows(
            IEnumerable<string> names, IReadOnlyDictionary<string, string> roomOf, string verb) =>
            names.Distinct().Where(roomOf.ContainsKey).Select(name => (roomOf[name], $"{verb} {name.TrimEnd('<')} of {roomOf[name]}"));
    }

    /// <summary>The files of a room, by their path in the tree, with their code.</summary>
    public IEnumerable<(string File, string Code)> Sources(string room) =>
        Directory.EnumerateFiles(Path.Combine(root, room), "*.cs").Order(StringComparer.Ordinal).Select(file =>
            (Path.GetRelativePath(root, file), WithoutText(File.ReadAllText(file))));

    /// <summary>What may be a type in code; a name with type arguments ends in "&lt;".</summary>
    public static IEnumerable<string> Names(string code) => Name().Matches(WithoutText(code)).Select(match => match.Value);

    /// <summary>The methods that code calls on something.</summary>
    private static IEnumerable<string> Calls(string code) => Call().Matches(code).Select(call => call.Groups["name"].Value);

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

    [GeneratedRegex(@"\bstatic\s[^\n(=;]*?\b(?<name>\w+)(?:<[^>(]*>)?\(\s*this\s")]
    private static partial Regex Extension();

    [GeneratedRegex(
        @"\b(?:public|internal|protected|private|static|override|abstract)\s[^\n(=;]*?\b(?<name>\w+)(?:<[^>(]*>)?\((?!\s*this\s)")]
    private static partial Regex Method();

    [GeneratedRegex(@"\.(?<name>\w+)(?:<[^>(]*>)?\(")]
    private static partial Regex Call();

    /// <summary>
    /// Not a member after a dot (but after a spread or the namespace), not what is assigned, not a method (but what follows "new").
    /// </summary>
    [GeneratedRegex(
        @"(?:(?<![.\w])|(?<=\.\.)|(?<=\bPackingKit\.(?:Attention\.)?))(?>[A-Za-z_]\w*<?)(?!\s*=)(?:(?!\s*\()|(?<=\bnew\s+[\w.]+<?))")]
    private static partial Regex Name();
}
