using System.ComponentModel.DataAnnotations;
using Kalisecu.Deliveries;

namespace Kalisecu.Tests.Deliveries;

public sealed class DeliveryOptionsTests
{
    [Theory]
    [InlineData(100, 20, 120, true)]
    [InlineData(1000, 1, 120, false)]
    [InlineData(61, 1, 120, false)]
    [InlineData(60, 1, 120, true)]
    public void A_claim_lasts_twice_as_long_as_its_letters_take_to_leave(
        int atOnce,
        int perSecond,
        int claim,
        bool holds
    )
    {
        var options = new DeliveryOptions
        {
            LettersAtOnce = atOnce,
            LettersPerSecond = perSecond,
            ClaimSeconds = claim,
        };

        Assert.Equal(holds, !options.Validate(new ValidationContext(options)).Any());
    }
}
