using Google.Protobuf;
using Kalisecu.Errors;
using Kalisecu.Outbox;

namespace Kalisecu.Compliance;

internal static class RegisterProto
{
    public static RegisterWanted Read(V1.ExportRegisterRequest request)
    {
        var violations = new Violations();
        violations.Check(
            request.Register is V1.RegisterKind.Processing or V1.RegisterKind.Processors,
            "register",
            "must be one of the named values"
        );
        violations.Check(
            request.Format is V1.RegisterFormat.Json or V1.RegisterFormat.Csv or V1.RegisterFormat.Html,
            "format",
            "must be one of the named values"
        );
        violations.Check(
            request.Language is V1.RegisterLanguage.Fr or V1.RegisterLanguage.En,
            "language",
            "must be one of the named values"
        );
        violations.ThrowIfAny();
        return new RegisterWanted(
            request.Register is V1.RegisterKind.Processors,
            request.Format,
            request.Language is V1.RegisterLanguage.En ? Language.En : Language.Fr
        );
    }

    public static V1.ExportRegisterResponse Write((RegisterDocument Document, V1.RegisterFormat Format) export)
    {
        var (document, format) = export;
        var (content, type, ending) = format switch
        {
            V1.RegisterFormat.Json => (document.ToJson(), "application/json", "json"),
            V1.RegisterFormat.Csv => (document.ToCsv(), "text/csv; charset=utf-8", "csv"),
            V1.RegisterFormat.Html => (document.ToHtml(), "text/html; charset=utf-8", "html"),
            _ => throw new InvalidOperationException($"No format of a register: {format}"),
        };
        return new V1.ExportRegisterResponse
        {
            Content = ByteString.CopyFromUtf8(content),
            MediaType = type,
            FileName = $"{document.Name}.{(document.Language is Language.Fr ? "fr" : "en")}.{ending}",
        };
    }
}
