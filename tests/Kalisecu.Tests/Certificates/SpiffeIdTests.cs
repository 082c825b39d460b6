using Kalisecu.Certificates;

namespace Kalisecu.Tests.Certificates;

public sealed class SpiffeIdTests
{
    [Theory]
    [InlineData("spiffe://kalisecu.local/agent/0190a4e2-0000-7000-8000-000000000001")]
    [InlineData("spiffe://kalisecu.local/frontend/dashboard")]
    [InlineData("spiffe://kalisecu.local/worker/retention_1")]
    [InlineData("spiffe://kalisecu.local/operator/Jeanne.D")]
    [InlineData("spiffe://a/server/s")]
    public void An_identity_reads_and_prints_the_same(string text)
    {
        Assert.True(SpiffeId.TryParse(text, out var id));
        Assert.Equal(text, id.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("https://kalisecu.local/agent/a")]
    [InlineData("SPIFFE://kalisecu.local/agent/a")]
    [InlineData("spiffe://Kalisecu.local/agent/a")]
    [InlineData("spiffe:///agent/a")]
    [InlineData("spiffe://kalisecu.local:443/agent/a")]
    [InlineData("spiffe://user@kalisecu.local/agent/a")]
    [InlineData("spiffe://kalisecu..local/agent/a")]
    [InlineData("spiffe://kalisecu.local/root/a")]
    [InlineData("spiffe://kalisecu.local/Agent/a")]
    [InlineData("spiffe://kalisecu.local/agent")]
    [InlineData("spiffe://kalisecu.local/agent/")]
    [InlineData("spiffe://kalisecu.local/agent/a/b")]
    [InlineData("spiffe://kalisecu.local/agent/..")]
    [InlineData("spiffe://kalisecu.local/agent/a%2Fb")]
    [InlineData("spiffe://kalisecu.local/agent/a?x")]
    [InlineData("spiffe://kalisecu.local/agent/a#x")]
    [InlineData("spiffe://kalisecu.local/agent/a\0")]
    [InlineData("spiffe://kalisecu.local/agent/é")]
    public void What_is_not_exactly_an_identity_is_none(string? text) => Assert.False(SpiffeId.TryParse(text, out _));

    [Fact]
    public void A_name_has_at_most_64_characters()
    {
        Assert.True(SpiffeId.TryParse("spiffe://d/agent/" + new string('a', 64), out _));
        Assert.False(SpiffeId.TryParse("spiffe://d/agent/" + new string('a', 65), out _));
    }
}
