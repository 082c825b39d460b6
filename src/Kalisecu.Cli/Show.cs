using System.Buffers;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Kalisecu.Cli;

/// <summary>How values look in tables for people.</summary>
internal static class Show
{
    private const char Replacement = '\uFFFD';

    // Unicode 15.1, section 23.2: characters that turn the direction of what follows, and could make one text look like another.
    private static readonly SearchValues<char> Directions = SearchValues.Create(
        "\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069"
    );

    /// <summary>A moment in UTC, to the second.</summary>
    public static string Time(Timestamp? time) =>
        time is null ? "" : time.ToDateTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Day(Timestamp? time) =>
        time is null ? "" : time.ToDateTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Number(ulong number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    public static string YesNo(bool value) => value ? "yes" : "no";

    public static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);

    /// <summary>
    /// Text of others, such as what a scanner read from a website, without anything that a terminal would obey.
    /// </summary>
    public static string Safe(string text, bool keepLines = false) =>
        string.Create(
            text.Length,
            (text, keepLines),
            static (safe, state) =>
            {
                for (var i = 0; i < safe.Length; i++)
                {
                    var letter = state.text[i];
                    var isHarmful = char.IsControl(letter) || Directions.Contains(letter);
                    safe[i] =
                        !isHarmful || (letter is '\n' && state.keepLines) ? letter
                        : letter is '\n' or '\r' or '\t' ? ' '
                        : Replacement;
                }
            }
        );
}
