using System.Text;
using Kalisecu.Tenants;

namespace Kalisecu.Tests.Tenants;

public sealed class AuthorisedScopeTests
{
    private static readonly AuthorisedScope Scope = new(["https://www.example.fr", "http://shop.example.fr:8080"]);

    [Theory]
    [InlineData("GET https://www.example.fr/a?x")]
    [InlineData("https://WWW.example.fr:443/")]
    [InlineData("www.example.fr:443/tcp")]
    [InlineData("www.example.fr:22/tcp")]
    [InlineData("WWW.example.fr:53/udp [port] #2")]
    [InlineData("wss://www.example.fr/socket")]
    [InlineData("www.example.fr:443 heartbleed")]
    [InlineData("shop.example.fr:8080/tcp")]
    public void A_place_of_an_origin_lies_inside(string place) => Assert.True(Covers(place));

    [Theory]
    [InlineData("GET https://other.example.fr/a")]
    [InlineData("https://www.example.fr:8443/")]
    [InlineData("https://www.example.fr@evil.example/")]
    [InlineData("https://www.example.fr.evil.example/")]
    [InlineData("https://user@www.example.fr/")]
    [InlineData("http://www.example.fr/")]
    [InlineData("GET ftp://www.example.fr/a")]
    [InlineData("other.example.fr:443/tcp")]
    [InlineData("https://")]
    [InlineData("other.example.fr:443 heartbleed")]
    [InlineData("file://evil.example/share")]
    public void A_place_of_another_host_or_origin_lies_outside(string place) => Assert.False(Covers(place));

    [Theory]
    [InlineData("src/a.py:10")]
    [InlineData("main.py:10")]
    [InlineData("main.py:10 #2")]
    [InlineData("whole target")]
    [InlineData("artifact 3:10")]
    [InlineData("file:///src/a.py")]
    public void A_place_of_no_network_is_never_outside(string place) => Assert.True(Covers(place));

    [Theory]
    [InlineData("GET https://other.example.fr:8443/secret?token=x", "https://other.example.fr:8443")]
    [InlineData("other.example.fr:22/tcp #2", "other.example.fr:22")]
    public void A_refused_place_is_named_without_its_path(string place, string expected) =>
        Assert.Equal(expected, AuthorisedScope.OriginOf(Encoding.UTF8.GetBytes(place)));

    [Theory]
    [InlineData("HTTPS://Www.Example.FR:443/A", "https://www.example.fr/A")]
    [InlineData("http://example.fr:8080", "http://example.fr:8080/")]
    [InlineData("https://user@example.fr/", null)]
    [InlineData("https://example.fr/#top", null)]
    [InlineData("ftp://example.fr/", null)]
    public void An_address_has_one_spelling(string given, string? expected) =>
        Assert.Equal(expected, WebAddress.Normalise(given));

    [Theory]
    [InlineData("https://*.example.fr")]
    [InlineData("https://example.fr/path")]
    public void A_wildcard_or_a_path_is_no_origin(string given) => Assert.Null(WebAddress.NormaliseOrigin(given));

    private static bool Covers(string place) => Scope.Covers(Encoding.UTF8.GetBytes(place));
}
