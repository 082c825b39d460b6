using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Kalisecu.Persistence;

/// <summary>
/// The person that an answer speaks of, read from its descriptor: the first field named for a person, one level down included.
/// With it the kept answer is hidden and forgotten together with the person.
/// </summary>
internal static class ReceiptSubject
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "person_id",
        "member_id",
        "account_id",
        "signer_id",
    };

    private static readonly ConcurrentDictionary<MessageDescriptor, Shape> Shapes = new();

    public static Guid? Of(IMessage response) => Find(response, nested: true);

    private static Guid? Find(IMessage message, bool nested)
    {
        var shape = Shapes.GetOrAdd(message.Descriptor, static d => new Shape(d));
        foreach (var field in shape.Persons)
        {
            if (Guid.TryParseExact((string)field.Accessor.GetValue(message), "D", out var id))
            {
                return id;
            }
        }

        return nested
            ? shape
                .Messages.Select(f => f.Accessor.GetValue(message))
                .OfType<IMessage>()
                .Select(inner => Find(inner, nested: false))
                .FirstOrDefault(id => id is not null)
            : null;
    }

    /// <summary>The fields of one message type that can name a person.</summary>
    private sealed class Shape
    {
        public Shape(MessageDescriptor descriptor)
        {
            var single = descriptor.Fields.InDeclarationOrder().Where(f => !f.IsRepeated).ToList();
            Persons = [.. single.Where(f => f.FieldType is FieldType.String && Names.Contains(f.Name))];
            Messages = [.. single.Where(f => f.FieldType is FieldType.Message)];
        }

        public IReadOnlyList<FieldDescriptor> Persons { get; }

        public IReadOnlyList<FieldDescriptor> Messages { get; }
    }
}
