namespace Kalisecu.Time;

/// <summary>Where in France we work: it decides which days are public holidays.</summary>
internal enum HolidayRegion
{
    /// <summary>Labour Code art. L3133-1 alone.</summary>
    Metropolitan,

    /// <summary>Bas-Rhin, Haut-Rhin, Moselle: Labour Code art. L3134-13 adds Good Friday and 26 December.</summary>
    AlsaceMoselle,
}
