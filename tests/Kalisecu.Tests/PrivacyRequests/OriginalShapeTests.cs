using System.Text;
using Kalisecu.PrivacyRequests;

namespace Kalisecu.Tests.PrivacyRequests;

public sealed class OriginalShapeTests
{
    private const string Mail =
        "Received: by mx\r\n\tfor us\r\nFrom: Ana <ana@client.example>\r\nDate: Sat, 31 Jan 2026\r\n\r\nHi";

    private static readonly byte[] Png =
    [
        0x89,
        0x50,
        0x4E,
        0x47,
        0x0D,
        0x0A,
        0x1A,
        0x0A,
        .. new byte[2000],
        0,
        0,
        0,
        0,
        0x49,
        0x45,
        0x4E,
        0x44,
        0xAE,
        0x42,
        0x60,
        0x82,
    ];

    public static TheoryData<string, byte[], string> Taken() =>
        new()
        {
            { "letter.pdf", [.. "%PDF-1.7\n"u8, .. new byte[3000], .. "\n%%EOF\n"u8], "application/pdf" },
            { "mail.eml", Encoding.Latin1.GetBytes(Mail), "message/rfc822" },
            { "note.txt", Encoding.UTF8.GetBytes("Je demande l'accès à mes données.\r\n"), "text/plain" },
            { "a letter", Encoding.UTF8.GetBytes("Accès"), "text/plain" },
            { "scan.PNG", Png, "image/png" },
            { "scan.jpeg", [0xFF, 0xD8, 0xFF, 0xE0, .. new byte[70_000], 0xFF, 0xD9], "image/jpeg" },
        };

    public static TheoryData<string, byte[]> Refused() =>
        new()
        {
            { "letter.pdf", Encoding.UTF8.GetBytes("only words") },
            { "letter.txt", [.. "%PDF-1.7\n"u8, .. "\n%%EOF\n"u8] },
            { "mail.eml", Encoding.UTF8.GetBytes("Dear Kalisecu,\nFrom: nobody\n\n") },
            { "mail.eml", [.. Encoding.Latin1.GetBytes(Mail), 0] },
            { "scan.png", Png[..^1] },
            { "program", [0x7F, .. "ELF"u8, .. new byte[100]] },
            { "archive", [.. "PK"u8, 3, 4, .. new byte[100]] },
            { "note.txt", [0xC3] },
            { "note.txt", [] },
        };

    [Theory]
    [MemberData(nameof(Taken))]
    public void An_original_is_known_by_its_content(string name, byte[] content, string type)
    {
        Assert.Equal(type, TypeOf(name, content, int.MaxValue));
        Assert.Equal(type, TypeOf(name, content, 7));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_nothing_of_that_or_not_what_its_name_claims_is_not_taken(string name, byte[] content)
    {
        Assert.Null(TypeOf(name, content, int.MaxValue));
        Assert.Null(TypeOf(name, content, 7));
    }

    private static string? TypeOf(string name, byte[] content, int chunk)
    {
        var shape = new OriginalShape();
        foreach (var part in content.Chunk(Math.Max(1, Math.Min(chunk, Math.Max(1, content.Length)))))
        {
            shape.Add(part);
        }

        return shape.TypeOf(name);
    }
}
