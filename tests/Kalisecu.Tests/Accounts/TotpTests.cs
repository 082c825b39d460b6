using System.Text;
using Kalisecu.Accounts;
using NodaTime;

namespace Kalisecu.Tests.Accounts;

public sealed class TotpTests
{
    // RFC 6238 appendix B: the secret of the SHA-1 vectors, whose codes of 8 digits end in these 6.
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    public void The_vectors_of_the_standard_fit(long seconds, string code) =>
        Assert.Equal(seconds / 30, TotpSecrets.Match(Secret, code, Instant.FromUnixTimeSeconds(seconds)));

    [Theory]
    [InlineData(-60, false)]
    [InlineData(-30, true)]
    [InlineData(30, true)]
    [InlineData(60, false)]
    public void A_code_counts_one_step_before_and_after_its_own(int away, bool fits) =>
        Assert.Equal(
            fits,
            TotpSecrets.Match(Secret, "005924", Instant.FromUnixTimeSeconds(1234567890 + away)) is not null
        );

    [Theory]
    [InlineData("")]
    [InlineData("00592")]
    [InlineData("0059240")]
    [InlineData("abcdef")]
    public void What_is_no_code_fits_nothing(string code) =>
        Assert.Null(TotpSecrets.Match(Secret, code, Instant.FromUnixTimeSeconds(1234567890)));
}
