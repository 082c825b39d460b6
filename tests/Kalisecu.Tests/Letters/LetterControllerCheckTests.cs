using Kalisecu.Compliance;
using Kalisecu.Letters;
using NodaTime;

namespace Kalisecu.Tests.Letters;

public sealed class LetterControllerCheckTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CTRL_1_holds_with_the_controller_of_the_policy() =>
        Assert.Equal(ClauseState.Holds, (await CheckAsync(new ControllerProfile())).State);

    [Fact]
    public async Task CTRL_1_Settings_that_name_another_controller_break_it()
    {
        ControllerProfile[] others =
        [
            new() { Name = "AUTRE SAS" },
            new() { Street = "7 rue du Bas Village" },
            new() { Siren = "929978394" },
            new() { Email = "contact@kalisecu.example" },
        ];

        foreach (var other in others)
        {
            Assert.Equal(ClauseState.Broken, (await CheckAsync(other)).State);
        }
    }

    private static Task<ClauseFinding> CheckAsync(ControllerProfile controller) =>
        new LetterControllerCheck(new LetterTemplates(controller), controller).CheckAsync(
            SystemClock.Instance.GetCurrentInstant(),
            Cancel
        );
}
