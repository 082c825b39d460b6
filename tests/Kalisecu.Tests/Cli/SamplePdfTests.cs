using System.Text;
using Kalisecu.Cli.OneMachine;

namespace Kalisecu.Tests.Cli;

public sealed class SamplePdfTests
{
    [Fact]
    public void The_sample_document_is_a_pdf_whose_table_points_at_its_objects()
    {
        var text = Encoding.Latin1.GetString(SamplePdf.Make("Autorisation (de test)"));

        Assert.StartsWith("%PDF-1.4\n", text, StringComparison.Ordinal);
        Assert.EndsWith("%%EOF\n", text, StringComparison.Ordinal);
        var table = text.IndexOf("xref\n", StringComparison.Ordinal);
        Assert.Contains($"startxref\n{table}\n", text, StringComparison.Ordinal);
        var entries = text[table..].Split('\n')[3..8];
        Assert.Equal(
            ["1 0 obj", "2 0 obj", "3 0 obj", "4 0 obj", "5 0 obj"],
            entries.Select(entry => text.Substring(int.Parse(entry[..10]), 7))
        );
    }
}
