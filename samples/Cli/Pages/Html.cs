using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using System.Xml;

namespace PackingKit.Cli;

/// <summary>
/// Markup that is written as interpolated strings: what stands in the code is markup, and what comes in by a value is text, escaped
/// whatever it holds. No name of a file or an item can become markup.
/// </summary>
internal sealed class Html
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly StringBuilder _markup;

    private Html(int capacity) => _markup = new StringBuilder(capacity);

    /// <summary>A piece of markup.</summary>
    public static Html Of(Interpolated markup) => markup.Html;

    /// <summary>Pieces of markup in turn.</summary>
    public static Html Join(IEnumerable<Html> pieces)
    {
        var joined = new Html(0);
        foreach (var piece in pieces)
            joined._markup.Append(piece._markup);
        return joined;
    }

    public override string ToString() => _markup.ToString();

    /// <summary>What the compiler calls for the parts of an interpolated string; numbers are written the same in every culture.</summary>
    [InterpolatedStringHandler]
    internal readonly struct Interpolated(int literals, int values)
    {
        private const int ValueLength = 16;
        private const char NotShown = '\uFFFD';

        public Html Html { get; } = new(literals + (values * ValueLength));

        public void AppendLiteral(string markup) => Html._markup.Append(markup);

        public void AppendFormatted(Html? markup) => Html._markup.Append(markup?._markup);

        public void AppendFormatted<T>(T value, string? format = null) => Html._markup.Append(Encoder.Encode(Allowed(
            value is IFormattable number ? number.ToString(format, CultureInfo.InvariantCulture) : value?.ToString() ?? "")));

        /// <summary>Control characters, which a page may not have even escaped, as the sign for what cannot be shown.</summary>
        private static string Allowed(string text) => text.All(IsAllowed) ? text
            : string.Concat(text.Select(letter => IsAllowed(letter) ? letter : NotShown));

        private static bool IsAllowed(char letter) => XmlConvert.IsXmlChar(letter) || char.IsSurrogate(letter);
    }
}
