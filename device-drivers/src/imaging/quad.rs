//! Four corners of a page, as a camera sees them.

/// A place in a picture, in pixels from its upper left corner. The middle of the first pixel is
/// (0.5, 0.5).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

impl Point {
    /// A place.
    pub fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// How far it is to another place, in pixels.
    pub fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The place this share of the way to another.
    pub(super) fn towards(self, other: Self, share: f64) -> Self {
        Self::new(
            self.x + (other.x - self.x) * share,
            self.y + (other.y - self.y) * share,
        )
    }
}

/// A convex quadrilateral; corners clockwise from the upper left one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quad {
    corners: [Point; 4],
}

impl Quad {
    /// Orders four corners. None unless they make a convex shape with every angle between 40° and
    /// 140°: no sheet of paper under a camera looks otherwise.
    pub fn new(mut corners: [Point; 4]) -> Option<Self> {
        let (mx, my) = corners
            .iter()
            .fold((0.0, 0.0), |(x, y), c| (x + c.x / 4.0, y + c.y / 4.0));
        // With y pointing down, growing angles run clockwise.
        corners.sort_by(|a, b| {
            let angle = |p: &Point| (p.y - my).atan2(p.x - mx);
            angle(a).total_cmp(&angle(b))
        });
        let first = (0..4).min_by(|&a, &b| {
            let sum = |i: usize| corners[i].x + corners[i].y;
            sum(a).total_cmp(&sum(b))
        })?;
        corners.rotate_left(first);
        let quad = Self { corners };
        let fine = (0..4).all(|i| {
            let (before, here, after) = (quad.at(i + 3), quad.at(i), quad.at(i + 1));
            let (ax, ay) = (after.x - here.x, after.y - here.y);
            let (bx, by) = (before.x - here.x, before.y - here.y);
            let angle = (ax * by - ay * bx).atan2(ax * bx + ay * by).to_degrees();
            (40.0..=140.0).contains(&angle)
        });
        fine.then_some(quad)
    }

    /// The corners, clockwise from the upper left one.
    pub fn corners(&self) -> [Point; 4] {
        self.corners
    }

    fn at(&self, i: usize) -> Point {
        self.corners[i % 4]
    }

    /// The sides: upper, right, lower, left.
    pub(super) fn sides(&self) -> [(Point, Point); 4] {
        std::array::from_fn(|i| (self.at(i), self.at(i + 1)))
    }

    /// Its area in square pixels.
    pub fn area(&self) -> f64 {
        let twice: f64 = self
            .sides()
            .map(|(a, b)| a.x * b.y - b.x * a.y)
            .iter()
            .sum();
        twice.abs() / 2.0
    }

    /// Width and height that a rectangle of this size has, in pixels.
    pub fn size(&self) -> (f64, f64) {
        let [upper, right, lower, left] = self.sides().map(|(a, b)| a.distance(b));
        (f64::midpoint(upper, lower), f64::midpoint(left, right))
    }

    /// The same shape in a picture that is so many times larger.
    pub(super) fn scaled(&self, times: f64) -> Self {
        Self {
            corners: self.corners.map(|c| Point::new(c.x * times, c.y * times)),
        }
    }

    /// The largest distance between corners that belong together, in pixels.
    pub fn farthest_corner(&self, other: &Self) -> f64 {
        (0..4)
            .map(|i| self.corners[i].distance(other.corners[i]))
            .fold(0.0, f64::max)
    }
}
