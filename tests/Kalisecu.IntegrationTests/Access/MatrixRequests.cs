using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Kalisecu.IntegrationTests.Access;

/// <summary>Makes requests of any type from their descriptors: plausible everywhere, with these identifiers where it has any.</summary>
internal static class MatrixRequests
{
    // Deep enough for the messages that a stream opens with.
    private const int Depth = 3;

    public static IMessage Empty(MethodDescriptor method) => New(method.InputType);

    /// <summary>The names of all fields of a request that name an object.</summary>
    public static IReadOnlySet<string> IdFields(MethodDescriptor method)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        CollectIds(method.InputType, found, Depth);
        return found;
    }

    /// <summary>Of alternatives the first, which opens a stream; or the last, where the first is not for this caller.</summary>
    public static IMessage Filled(MethodDescriptor method, Func<string, Guid> ids, bool lastAlternatives = false)
    {
        var message = New(method.InputType);
        Fill(message, ids, lastAlternatives, Depth);
        return message;
    }

    private static void CollectIds(MessageDescriptor descriptor, HashSet<string> found, int depth)
    {
        foreach (var field in Filled(descriptor, false).Union(Filled(descriptor, true)))
        {
            if (IsId(field))
            {
                found.Add(field.Name);
            }
            else if (depth > 0 && IsOurs(field))
            {
                CollectIds(field.MessageType, found, depth - 1);
            }
        }
    }

    private static void Fill(IMessage message, Func<string, Guid> ids, bool last, int depth)
    {
        foreach (var field in Filled(message.Descriptor, last))
        {
            if (IsId(field))
            {
                SetId(message, field, ids(field.Name));
            }
            else if (depth > 0 && IsOurs(field) && !field.IsRepeated)
            {
                var inner = New(field.MessageType);
                Fill(inner, ids, last, depth - 1);
                field.Accessor.SetValue(message, inner);
            }
            else if (!field.IsRepeated && Example(field, last) is { } example)
            {
                field.Accessor.SetValue(message, example);
            }
        }
    }

    private static IEnumerable<FieldDescriptor> Filled(MessageDescriptor descriptor, bool last) =>
        descriptor
            .Fields.InDeclarationOrder()
            .Where(f => f.RealContainingOneof is not { } choice || choice.Fields[last ? ^1 : 0] == f);

    private static bool IsOurs(FieldDescriptor field) =>
        field.FieldType is FieldType.Message
        && field.MessageType.File.Package.StartsWith("kalisecu.", StringComparison.Ordinal);

    private static bool IsId(FieldDescriptor field) =>
        field.FieldType is FieldType.String or FieldType.Bytes
        && field.Name is not "request_id"
        && (
            field.Name.EndsWith("_id", StringComparison.Ordinal)
            || field.Name.EndsWith("_ids", StringComparison.Ordinal)
        );

    private static void SetId(IMessage message, FieldDescriptor field, Guid id)
    {
        object value =
            field.FieldType is FieldType.Bytes ? ByteString.CopyFrom(id.ToByteArray(bigEndian: true)) : id.ToString();
        if (field.IsRepeated)
        {
            ((System.Collections.IList)field.Accessor.GetValue(message)).Add(value);
        }
        else
        {
            field.Accessor.SetValue(message, value);
        }
    }

    private static object? Example(FieldDescriptor field, bool last) =>
        (field.FieldType, field.Name) switch
        {
            (FieldType.String, "url" or "login_url" or "website_url") => "https://example.fr/",
            (FieldType.String, "email" or "signer_email") => "camille.martin@client.example",
            (FieldType.String, "tool") => "zap",
            (FieldType.String, "phone") => "+33 2 99 00 00 00",
            (
                FieldType.String,
                "request_id"
                    or "check"
                    or "page_token"
                    or "text"
                    or "etag"
                    or "kind_prefix"
                    or "method"
            ) => null,
            (FieldType.String, "purpose") => "direct_marketing",
            (FieldType.String, "told_date") => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd"),
            (FieldType.String, "lift_date") => TimeProvider.System.GetUtcNow().AddDays(30).ToString("yyyy-MM-dd"),
            (FieldType.String, _) => "An example of some length",
            (FieldType.Int32, "text_version") => 1,
            // Staff writes down what came on paper; a member's own session needs no word for it.
            (FieldType.Enum, "channel") => last ? 0 : field.EnumType.Values[2].Number,
            (FieldType.Enum, _) => field.EnumType.Values[1].Number,
            (FieldType.Message, "expire_time" or "end_time") => Timestamp.FromDateTimeOffset(
                TimeProvider.System.GetUtcNow().AddDays(30)
            ),
            (FieldType.Bytes, "content_digest") => ByteString.CopyFrom(new byte[32]),
            (FieldType.Message, "update_mask") => new FieldMask { Paths = { Changeable(field.ContainingType) } },
            (FieldType.Message, "moment_time" or "start_time" or "contact_time") => Timestamp.FromDateTimeOffset(
                TimeProvider.System.GetUtcNow().AddHours(-1)
            ),
            _ => null,
        };

    private static string Changeable(MessageDescriptor update) =>
        update.FindFieldByName("display_name") is null ? "first_name" : "display_name";

    private static IMessage New(MessageDescriptor descriptor) => descriptor.Parser.ParseFrom(ReadOnlySpan<byte>.Empty);
}
