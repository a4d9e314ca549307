namespace PackingKit.Cli;

/// <summary>
/// A chart as SVG: axes and what is drawn between them. Colours come from the page's style, so that it is light, dark or printed as the
/// page is; whoever does not see it gets its title and description.
/// </summary>
internal sealed class Plot
{
    private const double Width = 480, Right = 22, Top = 32, Bottom = 46;

    /// <summary>Of letters as they are drawn where the page is narrow; where it is wide they are smaller.</summary>
    private const double LetterWidth = 7, LineHeight = 15;

    private readonly string _id, _title, _description;
    private readonly double _height, _left;
    private readonly Axis _x, _y;
    private readonly List<Html> _drawn = [];

    /// <param name="id">Unique on the page.</param>
    /// <param name="title">What is shown.</param>
    /// <param name="description">What is to be seen, in a sentence.</param>
    /// <param name="x">Along the bottom.</param>
    /// <param name="y">Up the left side.</param>
    /// <param name="height">Of the whole, where its width is 480.</param>
    public Plot(string id, string title, string description, Axis x, Axis y, double height = 260)
    {
        (_id, _title, _description, _x, _y, _height) = (id, title, description, x, y, height);
        _left = (y.Ticks.Max(tick => tick.Label.Length) * LetterWidth) + 14;
        foreach (var (value, label) in y.Ticks)
            _drawn.Add(Html.Of($"""
                <line class="grid" x1="{_left}" x2="{Width - Right}" y1="{Y(value):0.#}" y2="{Y(value):0.#}" />
                <text class="tick" x="{_left - 8}" y="{Y(value) + 4:0.#}" text-anchor="end">{label}</text>

                """));
        var length = x.Ticks.Max(tick => tick.Label.Length) * LetterWidth;
        var every = (int)Math.Ceiling(length * x.Ticks.Count / (Width - _left - Right)); // what would run together is left out
        foreach (var (value, label) in x.Ticks.Where((_, index) => index % every == 0))
            _drawn.Add(Html.Of($"""
                <text class="tick" x="{X(value):0.#}" y="{_height - Bottom + 17:0.#}" text-anchor="middle">{label}</text>

                """));
    }

    /// <summary>What a mark stands for: that which is meant, and everything else.</summary>
    public static string KindOf(bool isMeant) => isMeant ? "meant" : "rest";

    /// <summary>Columns from 0 up, each over a stretch of the axis.</summary>
    public Plot Columns(IEnumerable<(double From, double To, double Value, string Kind)> columns)
    {
        foreach (var (from, to, value, kind) in columns)
            _drawn.Add(Html.Of($"""
                <rect class="{kind}" x="{X(from) + 1:0.##}" width="{Math.Max(1, X(to) - X(from) - 2):0.##}"
                  y="{Y(value):0.##}" height="{Y(0) - Y(value):0.##}" />

                """));
        return this;
    }

    /// <summary>A bar across, with a point on it.</summary>
    public Plot Range(double at, (double Low, double High) wide, (double Low, double High) narrow, double point, string kind)
    {
        _drawn.Add(Html.Of($"""
            <line class="{kind}" x1="{X(wide.Low):0.##}" x2="{X(wide.High):0.##}" y1="{Y(at):0.##}" y2="{Y(at):0.##}" />
            <rect class="{kind}" x="{X(narrow.Low):0.##}" width="{Math.Max(1, X(narrow.High) - X(narrow.Low)):0.##}"
              y="{Y(at) - 4:0.##}" height="8" />
            <circle class="point {kind}" cx="{X(point):0.##}" cy="{Y(at):0.##}" r="4" />

            """));
        return this;
    }

    /// <summary>A line across the whole height at a value of the lower axis, named at its upper end.</summary>
    public Plot Mark(double value, string name)
    {
        _drawn.Add(Html.Of($"""
            <line class="limit" x1="{X(value):0.##}" x2="{X(value):0.##}" y1="{Top}" y2="{_height - Bottom}" />
            <text class="limit" x="{X(value):0.##}" y="{Top - 5}" text-anchor="middle">{name}</text>

            """));
        return this;
    }

    /// <summary>Steps from point to point, each value kept until the next, named above where it begins or below where it ends.</summary>
    public Plot Steps(IReadOnlyList<(double X, double Y)> points, string name, string kind, bool isNamedAtEnd)
    {
        var steps = points.Skip(1).Select(point => Html.Of($"H{X(point.X):0.##}V{Y(point.Y):0.##}"));
        var (x, y, anchor) = isNamedAtEnd ? (X(points[^1].X), Y(points[^1].Y) + 15, "end") : (X(points[0].X), Y(points[0].Y) - 6, "start");
        _drawn.Add(Html.Of($"""
            <path class="{kind}" d="M{X(points[0].X):0.##} {Y(points[0].Y):0.##}{Html.Join(steps)}" />
            <text class="{kind}" x="{x:0.##}" y="{y:0.##}" text-anchor="{anchor}">{name}</text>

            """));
        return this;
    }

    /// <summary>Short lines across places of the lower axis.</summary>
    public Plot Levels(IEnumerable<(double From, double To, double Value)> levels)
    {
        foreach (var (from, to, value) in levels)
            _drawn.Add(Html.Of($"""
                <line class="level" x1="{X(from):0.##}" x2="{X(to):0.##}" y1="{Y(value):0.##}" y2="{Y(value):0.##}" />

                """));
        return this;
    }

    /// <summary>Points with their names beside them; a name that would lie on others is left to the table.</summary>
    public Plot Points(IReadOnlyList<(double X, double Y, string Name, string Kind)> points)
    {
        var all = new Box(_left, Top - 12, Width, _height - Bottom + 2);
        var taken = points.Select(point => Box.Around(X(point.X), Y(point.Y), 8, 8)).ToList();
        foreach (var (x, y, name, kind) in points.OrderBy(point => point.Kind == KindOf(true) ? 0 : 1))
        {
            var (atX, atY, length) = (X(x), Y(y), name.Length * LetterWidth);
            (double X, double Y)[] places =
            [
                (atX + 8 + (length / 2), atY), (atX - 8 - (length / 2), atY), (atX, atY - 14), (atX, atY + 15),
                (atX + 6 + (length / 2), atY - 14), (atX - 6 - (length / 2), atY - 14), (atX, atY - 29), (atX, atY - 44), (atX, atY - 59),
            ];
            var place = Array.Find(places, place => Of(place).IsInside(all) && !taken.Exists(Of(place).Overlaps));
            _drawn.Add(Html.Of($"""
                <circle class="point {kind}" cx="{atX:0.##}" cy="{atY:0.##}" r="5"><title>{name}</title></circle>

                """));
            if (place == default)
                continue;
            taken.Add(Of(place));
            if (place.Y < atY - LineHeight)
                _drawn.Add(Html.Of($"""
                    <line class="leader" x1="{atX:0.##}" x2="{atX:0.##}" y1="{atY - 6:0.##}" y2="{place.Y + 6:0.##}" />

                    """));
            _drawn.Add(Html.Of($"""
                <text class="name {kind}" x="{place.X:0.##}" y="{place.Y + 4:0.##}" text-anchor="middle">{name}</text>

                """));

            Box Of((double X, double Y) centre) => Box.Around(centre.X, centre.Y, length, LineHeight - 2);
        }
        return this;
    }

    public Html ToHtml() => Html.Of($"""
        <svg class="plot" role="img" aria-labelledby="{_id}-title {_id}-desc" viewBox="0 0 {Width} {_height}"
          xmlns="http://www.w3.org/2000/svg">
        <title id="{_id}-title">{_title}</title>
        <desc id="{_id}-desc">{_description}</desc>
        <text class="axis" x="8" y="14">{_y.Title}</text>
        <text class="axis" x="{Width - Right}" y="{_height - 8}" text-anchor="end">{_x.Title}</text>
        {Html.Join(_drawn)}<line class="base" x1="{_left}" x2="{Width - Right}" y1="{_height - Bottom}" y2="{_height - Bottom}" />
        </svg>

        """);

    private double X(double value) => _left + (_x.At(value) * (Width - _left - Right));

    private double Y(double value) => _height - Bottom - (_y.At(value) * (_height - Top - Bottom));

    /// <summary>What a text or a point takes.</summary>
    private readonly record struct Box(double Left, double Top, double Right, double Bottom)
    {
        public static Box Around(double x, double y, double width, double height) =>
            new(x - (width / 2), y - (height / 2), x + (width / 2), y + (height / 2));

        public bool Overlaps(Box other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;

        public bool IsInside(Box other) =>
            Left >= other.Left && Right <= other.Right && Top >= other.Top && Bottom <= other.Bottom;
    }
}
