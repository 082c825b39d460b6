using System.Text.Json;

namespace Kalisecu.Agent.Reading;

/// <summary>What a JSON text begins with: an array or not, and the names in its first object as far as the head goes.</summary>
internal sealed record JsonShape(bool IsJson, bool IsArray, IReadOnlySet<string> Names)
{
    public static readonly JsonShape None = new(
        IsJson: false,
        IsArray: false,
        new HashSet<string>(StringComparer.Ordinal)
    );

    public static JsonShape Of(ReadOnlySpan<byte> head)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(
            head,
            isFinalBlock: false,
            new JsonReaderState(new JsonReaderOptions { MaxDepth = ReportLimits.Depth, AllowMultipleValues = true })
        );
        var depth = 0;
        var isArray = false;
        try
        {
            if (!reader.Read())
            {
                return None;
            }

            if (reader.TokenType == JsonTokenType.StartArray)
            {
                isArray = true;
                depth = 1;
                if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                {
                    return new JsonShape(IsJson: true, isArray, names);
                }
            }
            else if (reader.TokenType != JsonTokenType.StartObject)
            {
                return None;
            }

            while (reader.Read() && reader.CurrentDepth > depth)
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == depth + 1)
                {
                    names.Add(reader.GetString()!);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The format's reader will say where and what; here it only matters what the text set out to be.
            return names.Count > 0 ? new JsonShape(IsJson: true, isArray, names) : None;
        }

        return new JsonShape(IsJson: true, isArray, names);
    }
}
