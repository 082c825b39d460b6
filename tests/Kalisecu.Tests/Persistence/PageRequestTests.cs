using Kalisecu.Errors;
using Kalisecu.Errors.V1;
using Kalisecu.Persistence;
using V1 = Kalisecu.Findings.V1;

namespace Kalisecu.Tests.Persistence;

public sealed class PageRequestTests
{
    private static readonly V1.ListChecksRequest Filter = new() { Prefix = "http." };

    [Theory]
    [InlineData(0, 100)]
    [InlineData(1, 1)]
    [InlineData(1000, 1000)]
    public void A_page_has_the_size_that_was_asked_for_or_a_hundred(int asked, int size)
    {
        Assert.Equal(size, Read(asked, "").Size);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1001)]
    public void A_size_out_of_range_is_refused(int asked)
    {
        var violations = new Violations();

        PageRequest.Read(asked, "", 1, Filter, violations);

        Assert.Equal(["page_size"], Assert.Throws<Refusal>(violations.ThrowIfAny).Violations.Select(v => v.Field));
    }

    [Fact]
    public void A_token_brings_back_the_keys_after_which_the_next_page_starts()
    {
        var token = Read(0, "").TokenAfter("é\"\\,");

        Assert.Equal(["é\"\\,"], Read(50, token).After);
    }

    [Fact]
    public void The_first_page_has_no_keys()
    {
        Assert.Null(Read(0, "").After);
    }

    [Fact]
    public void A_token_of_another_list_is_refused()
    {
        var token = PageRequest
            .Read(0, "", 1, new V1.ListChecksRequest { Prefix = "tls." }, new Violations())
            .TokenAfter("a");

        Assert.Equal(ErrorReason.PageTokenInvalid, Refused(token));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("!!!")]
    [InlineData("bnVsbA")]
    [InlineData("W251bGxd")]
    [InlineData("__79")]
    public void What_is_no_token_is_refused(string token)
    {
        Assert.Equal(ErrorReason.PageTokenInvalid, Refused(token));
    }

    [Fact]
    public void A_token_with_another_number_of_keys_is_refused()
    {
        Assert.Equal(ErrorReason.PageTokenInvalid, Refused(Read(0, "").TokenAfter("a", "b")));
    }

    private static PageRequest Read(int size, string token) =>
        PageRequest.Read(size, token, 1, Filter, new Violations());

    private static ErrorReason Refused(string token) => Assert.Throws<Refusal>(() => Read(0, token)).Reason;
}
