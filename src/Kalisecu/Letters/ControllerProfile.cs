using System.ComponentModel.DataAnnotations;
using Kalisecu.Time;
using NodaTime;

namespace Kalisecu.Letters;

/// <summary>Who answers for the data (clause CTRL-1): named on every letter, document and register that leaves the platform.</summary>
internal sealed class ControllerProfile
{
    [Required]
    public string Name { get; set; } = "KALICERTIF SAS";

    /// <summary>The name under which clients know the controller.</summary>
    [Required]
    public string Brand { get; set; } = "Kalisecu";

    [Required]
    public string Street { get; set; } = "6 B rue du Bas Village";

    [Required]
    public string PostalCode { get; set; } = "35510";

    [Required]
    public string City { get; set; } = "Cesson-Sévigné";

    [Required]
    [RegularExpression("^[0-9]{9}$")]
    public string Siren { get; set; } = "929978393";

    /// <summary>Where privacy requests are sent to.</summary>
    [Required]
    [EmailAddress]
    public string Email { get; set; } = "hello@kalisecu.com";

    /// <summary>Where reminders and alarms go to; empty for <see cref="Email"/>.</summary>
    public string DpoEmail { get; set; } = "";

    /// <summary>
    /// The page of the public frontend that opens a copy of somebody's data; the token of the link follows as a fragment, which no
    /// server's log sees. Empty: letters bring the token alone.
    /// </summary>
    [RegularExpression("^(https://[^#\\s]{1,200})?$")]
    public string CopyPage { get; set; } = "";

    /// <summary>Decides which days are public holidays.</summary>
    public HolidayRegion HolidayRegion { get; set; } = HolidayRegion.Metropolitan;

    /// <summary>The month whose last day closes the financial year.</summary>
    [Range(1, 12)]
    public int FinancialYearEndsInMonth { get; set; } = 12;

    public string DpoAddress => DpoEmail.Length > 0 ? DpoEmail : Email;

    public string PostalAddress => $"{Street}, {PostalCode} {City}, France";

    public string SirenInGroups => $"{Siren[..3]} {Siren[3..6]} {Siren[6..]}";

    public FrenchHolidays Holidays => new(HolidayRegion);

    // The month's last day as it is in a leap year: in others the calendar takes the day before.
    public FinancialYear FinancialYear =>
        new(
            new AnnualDate(FinancialYearEndsInMonth, CalendarSystem.Iso.GetDaysInMonth(2024, FinancialYearEndsInMonth))
        );
}
