using Kalisecu.Agent.Catalogue;
using Kalisecu.Agent.Identity;

namespace Kalisecu.Tests.Agent;

public sealed class IdentityTests
{
    [Fact]
    public void An_id_is_a_UUID_of_version_8_made_from_content_alone()
    {
        var finding = ContentIds.Finding(Guid.Empty, "tls.vuln.drown");
        var occurrence = ContentIds.Occurrence(finding, "www.defectdojo.org:443 DROWN");

        // Also computed with Python: sha256(b"kalisecu/finding/1\0" + bytes(16) + b"tls.vuln.drown").
        Assert.Equal(Guid.Parse("74201b5e-57a1-8b5f-a4fe-26ff16787cb2"), finding);
        Assert.Equal(Guid.Parse("2b7a4145-495a-889f-8aa6-5709f5236436"), occurrence);
    }

    [Theory]
    [InlineData("HTTP://Shop.Test:80", "http://shop.test/")]
    [InlineData("https://shop.test:443/a/../b#x", "https://shop.test/b")]
    [InlineData("https://shop.test:8443/B", "https://shop.test:8443/B")]
    [InlineData("https://u:p@shop.test/?b=2&a=1&b=3", "https://shop.test/?a&b")]
    [InlineData("https://shop.test/x;jsessionid=ABC?q", "https://shop.test/x;jsessionid?q")]
    [InlineData("https://shop.test/?q=<script>", "https://shop.test/?q")]
    public void A_page_has_one_spelling(string page, string canonical)
    {
        Assert.Equal(canonical, CanonicalUrl.Of(page));
    }

    [Theory]
    [InlineData("https://shop.test/u/ann.b@example.com", "GET https://shop.test/u/{email}")]
    [InlineData("https://shop.test/u/ann.b%40example.com/x", "GET https://shop.test/u/{email}/x")]
    public void No_place_holds_an_address_of_a_person(string page, string place)
    {
        Assert.Equal(place, Place.Http(method: null, page).Text);
    }

    [Fact]
    public void Long_places_that_begin_alike_stay_apart()
    {
        var path = new string('a', 5000);

        Assert.NotEqual(Place.Of(path + "b"), Place.Of(path + "c"));
    }

    [Fact]
    public void A_package_with_its_version_is_no_address()
    {
        Assert.Equal("npm/left-pad@1.0.0", Place.File("npm/left-pad@1.0.0", line: null).Text);
    }

    [Fact]
    public void Repeats_are_counted_beyond_every_growth_of_the_table()
    {
        var counter = new RepeatCounter();
        var ids = Enumerable.Range(0, 10_000).Select(i => ContentIds.Finding(Guid.Empty, $"check {i}")).ToList();

        Assert.All(ids, id => Assert.Equal(1, counter.Count(id)));
        Assert.All(ids, id => Assert.Equal(2, counter.Count(id)));
        Assert.Equal(3, counter.Count(ids[0]));
    }

    [Fact]
    public void A_variant_of_a_rule_is_mapped_only_where_the_catalogue_says_so()
    {
        var catalogue = CheckCatalogue.Load();

        Assert.Equal("http.header.csp.missing", catalogue.CheckOf("zap", "10038-1"));
        Assert.Equal("zap:10038-3", catalogue.CheckOf("zap", "10038-3"));
        Assert.Equal("tls.protocol.ssl3", catalogue.CheckOf("testssl", "SSLv3"));
    }
}
