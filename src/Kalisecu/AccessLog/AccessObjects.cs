using System.Collections.Concurrent;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Kalisecu.AccessLog;

/// <summary>
/// What a request is about, read from its descriptor: its text fields <c>*_id</c>, those of its sub-messages one level down
/// included (a stream opens with one). Only UUIDs are taken, so nothing that a caller wrote freely gets into the log.
/// </summary>
internal static class AccessObjects
{
    private const int Maximum = 4;
    private const string Ending = "_id";

    private static readonly ConcurrentDictionary<MessageDescriptor, Shape> Shapes = new();

    public static string Of(object? request)
    {
        if (request is not IMessage message)
        {
            return "";
        }

        var found = new StringBuilder();
        var count = 0;
        Collect(message, found, ref count, nested: true);
        return found.ToString();
    }

    private static void Collect(IMessage message, StringBuilder found, ref int count, bool nested)
    {
        var shape = Shapes.GetOrAdd(message.Descriptor, static d => new Shape(d));
        foreach (var (field, kind) in shape.Ids)
        {
            if (count < Maximum && Guid.TryParseExact((string)field.Accessor.GetValue(message), "D", out var id))
            {
                found.Append(count++ == 0 ? "" : " ").Append(kind).Append(':').Append(id);
            }
        }

        if (nested)
        {
            foreach (var field in shape.Messages)
            {
                if (field.Accessor.GetValue(message) is IMessage inner)
                {
                    Collect(inner, found, ref count, nested: false);
                }
            }
        }
    }

    /// <summary>The fields of one message type that can name an object.</summary>
    private sealed class Shape
    {
        public Shape(MessageDescriptor descriptor)
        {
            var single = descriptor.Fields.InDeclarationOrder().Where(f => !f.IsRepeated).ToList();
            Ids =
            [
                .. single
                    .Where(f =>
                        f.FieldType is FieldType.String
                        && f.Name.EndsWith(Ending, StringComparison.Ordinal)
                        // A request_id names the request, not what it is about.
                        && f.Name is not "request_id"
                    )
                    .Select(f => (f, f.Name[..^Ending.Length])),
            ];
            Messages =
            [
                .. single.Where(f =>
                    f.FieldType is FieldType.Message
                    && !f.MessageType.File.Package.StartsWith("google.", StringComparison.Ordinal)
                ),
            ];
        }

        public IReadOnlyList<(FieldDescriptor Field, string Kind)> Ids { get; }

        public IReadOnlyList<FieldDescriptor> Messages { get; }
    }
}
