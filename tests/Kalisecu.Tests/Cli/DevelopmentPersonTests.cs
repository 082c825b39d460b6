using Kalisecu.Cli.OneMachine;
using NodaTime;
using NodaTime.Testing;

namespace Kalisecu.Tests.Cli;

public sealed class DevelopmentPersonTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 24, 9, 0, 10);

    [Fact]
    public async Task Codes_are_never_used_twice()
    {
        var clock = new FakeClock(Now);
        var person = DevelopmentPerson.New() with { TotpSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" };

        var codes = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            (var code, person) = await person.NextCodeAsync(clock, TestContext.Current.CancellationToken);
            codes.Add(code);
        }

        Assert.Equal(3, codes.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Now.ToUnixTimeSeconds() / 30 + 1, person.LastStep);
    }
}
