using Kalisecu.Letters;
using Kalisecu.Outbox;
using NodaTime;

namespace Kalisecu.Tests.Letters;

public sealed class LetterTemplatesTests
{
    private static readonly LetterTemplates Templates = new(new ControllerProfile());

    private static readonly Dictionary<string, object?> Acknowledged = new(StringComparer.Ordinal)
    {
        ["number"] = "2026-0001",
        ["greeting"] = "Bonjour Ana,",
        ["received"] = new LocalDate(2026, 1, 31),
        ["due"] = new LocalDate(2026, 3, 2),
        ["rights"] = new[] { "accès", "effacement" },
    };

    [Fact]
    public void A_letter_has_a_subject_a_text_and_the_same_as_HTML()
    {
        var letter = Templates.Render("privacy-request-acknowledgement", Language.Fr, Acknowledged);

        Assert.Equal("Nous avons bien reçu votre demande n° 2026-0001", letter.Subject);
        Assert.StartsWith("Bonjour Ana,\n\nNous avons", letter.Plain, StringComparison.Ordinal);
        Assert.Contains("reçue le 31 janvier 2026", letter.Plain, StringComparison.Ordinal);
        Assert.Contains("\n- accès\n- effacement\n", letter.Plain, StringComparison.Ordinal);
        Assert.Contains("au plus tard le 2 mars 2026", letter.Plain, StringComparison.Ordinal);
        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"fr\">", letter.Html, StringComparison.Ordinal);
        Assert.Contains("<p>Bonjour Ana,</p>", letter.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_letter_exists_in_French_and_in_English() =>
        Assert.All(
            LetterTemplates.Names,
            name =>
            {
                Assert.NotEmpty(Source(name, "fr"));
                Assert.NotEmpty(Source(name, "en"));
                Assert.Equal(Names(Source(name, "fr")), Names(Source(name, "en")));
            }
        );

    [Fact]
    public void Every_answer_to_a_person_names_the_CNIL() =>
        Assert.All(
            LetterTemplates.Names.Where(n =>
                n.StartsWith("privacy-request-", StringComparison.Ordinal)
                && !n.EndsWith("-reminder", StringComparison.Ordinal)
            ),
            name =>
            {
                Assert.Contains("{{> complaint}}", Source(name, "fr"), StringComparison.Ordinal);
                Assert.Contains("{{> complaint}}", Source(name, "en"), StringComparison.Ordinal);
            }
        );

    [Theory]
    [InlineData("Fr")]
    [InlineData("En")]
    public void A_letter_names_the_controller_and_the_CNIL(string language)
    {
        var letter = Templates.Render("privacy-request-acknowledgement", Enum.Parse<Language>(language), Acknowledged);

        Assert.Contains("KALICERTIF SAS", letter.Plain, StringComparison.Ordinal);
        Assert.Contains("6 B rue du Bas Village, 35510 Cesson-Sévigné", letter.Plain, StringComparison.Ordinal);
        Assert.Contains("929 978 393", letter.Plain, StringComparison.Ordinal);
        Assert.Contains("hello@kalisecu.com", letter.Plain, StringComparison.Ordinal);
        Assert.Contains("3 place de Fontenoy, 75007 Paris", letter.Plain, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_person_wrote_is_data_and_neither_markup_nor_template()
    {
        const string hostile = "{{controller.siren}} {{> complaint}} {{#rights}} <script>alert(1)</script> & \"é\"";

        var letter = Templates.Render("privacy-request-acknowledgement", Language.En, With("greeting", hostile));

        Assert.StartsWith(hostile, letter.Plain, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", letter.Html, StringComparison.Ordinal);
        Assert.Contains("{{controller.siren}}", letter.Html, StringComparison.Ordinal);
        Assert.Contains(
            "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;é&quot;",
            letter.Html,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_line_break_in_a_value_is_no_second_header()
    {
        var letter = Templates.Render(
            "privacy-request-acknowledgement",
            Language.En,
            With("number", "1\r\nBcc: a@b.fr\u0000\u2028x")
        );

        Assert.Equal("We have received your request no. 1 Bcc: a@b.fr x", letter.Subject);
    }

    [Fact]
    public void A_missing_value_is_a_fault_and_no_letter_with_a_hole()
    {
        var values = With("due", null);
        values.Remove("due");

        Assert.ThrowsAny<Exception>(() => Templates.Render("privacy-request-acknowledgement", Language.Fr, values));
    }

    [Fact]
    public void Dates_are_written_as_people_read_them()
    {
        var moment = Instant.FromUtc(2026, 3, 1, 16, 5);

        Assert.Equal("1er mars 2026", LetterDates.Text(new LocalDate(2026, 3, 1), Language.Fr));
        Assert.Equal("1 March 2026", LetterDates.Text(new LocalDate(2026, 3, 1), Language.En));
        Assert.Equal("1er mars 2026 à 17 h 05 (heure de Paris)", LetterDates.Text(moment, Language.Fr));
        Assert.Equal("1 March 2026 at 17:05 (Paris time)", LetterDates.Text(moment, Language.En));
    }

    private static Dictionary<string, object?> With(string name, object? value) =>
        new(Acknowledged, StringComparer.Ordinal) { [name] = value };

    private static string Source(string name, string language) =>
        File.ReadAllText(
            Path.Combine(
                TestKit.Programs.RepositoryRoot,
                "src/Kalisecu/Letters/Templates",
                $"{name}.{language}.mustache"
            )
        );

    private static SortedSet<string> Names(string template) =>
        [.. template.Split("{{").Skip(1).Select(tag => tag[..tag.IndexOf("}}", StringComparison.Ordinal)])];
}
