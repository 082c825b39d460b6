using System.Text;
using Kalisecu.Agent.Identity;
using Kalisecu.Findings;
using AgentPlace = Kalisecu.Agent.Push.VisitedPlace;

namespace Kalisecu.Tests.Findings;

/// <summary>The agent never references the platform, so two rules stand twice: both copies say the same of the same.</summary>
public sealed class TwinTests
{
    // A rule is cut from these; each pair of them is tried, with every number of repeats and lines behind it.
    private static readonly string[] Parts =
    [
        "",
        "GET ",
        "https://shop.example.fr",
        "https://shop.example.fr:8443",
        "/a/b",
        "?x&y",
        " [q]",
        " #2",
        ":12",
        "#2",
        "src/été.js",
        "shop.example.fr:443/tcp",
        "shop.example.fr:443 heartbleed",
        "file:///srv/a",
        "://",
        "whole target",
    ];

    public static IEnumerable<string> Places =>
        from first in Parts
        from second in Parts
        from third in Parts
        select first + second + third;

    [Fact]
    public void What_must_be_visited_again_is_the_same_to_agent_and_server() =>
        Assert.All(Places, place => Assert.Equal(AgentPlace.Of(place), VisitedPlace.Of(place)));

    [Fact]
    public void Findings_and_observations_have_the_same_ids_for_agent_and_server()
    {
        var site = Guid.Parse("018f2d3c-5a7b-7c3d-9e1f-0a1b2c3d4e5f");

        Assert.All(
            Places,
            text =>
            {
                Assert.Equal(ContentIds.Finding(site, text), FindingIdentity.Finding(site, text));
                Assert.Equal(
                    ContentIds.Observation(site, "port.open", text),
                    FindingIdentity.Observation(site, "port.open", text)
                );
            }
        );
    }

    [Fact]
    public void Occurrences_have_the_same_ids_for_agent_and_server()
    {
        var finding = Guid.Parse("74201b5e-57a1-8b5f-a4fe-26ff16787cb2");

        Assert.All(
            Places,
            place =>
                Assert.True(
                    FindingIdentity.IsOccurrence(
                        ContentIds.Occurrence(finding, place).ToByteArray(bigEndian: true),
                        finding.ToByteArray(bigEndian: true),
                        Encoding.UTF8.GetBytes(place)
                    )
                )
        );
    }
}
