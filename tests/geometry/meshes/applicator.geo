// A needle of 2 mm diameter with a round tip, left out of the tissue around it; x is the radius, y
// the height, mm. Written by Gmsh 4.8.4:
//   gmsh -2 applicator.geo -format msh41 -o applicator_41.msh
//   gmsh -2 applicator.geo -format msh22 -o applicator_22.msh
Mesh.RecombineAll = 1;
Mesh.SubdivisionAlgorithm = 1; // quadrilaterals only
fine = 1.2; coarse = 8;
Point(1) = {0, 0, 0, fine};    // tip
Point(2) = {0, 1, 0, fine};    // centre of its sphere
Point(3) = {1, 1, 0, fine};
Point(4) = {1, 9, 0, fine};    // end of the active length
Point(5) = {1, 20, 0, coarse};
Point(6) = {20, 20, 0, coarse};
Point(7) = {20, -20, 0, coarse};
Point(8) = {0, -20, 0, coarse};
Point(9) = {0, -4, 0, fine};   // tumour: a sphere of 9 mm around (0, 5)
Point(10) = {0, 5, 0, fine};
Point(11) = {9, 5, 0, 3};
Point(12) = {1, 13.94427191, 0, 3};
Circle(1) = {1, 2, 3};
Line(2) = {3, 4};
Line(3) = {4, 12};
Line(4) = {12, 5};
Line(5) = {5, 6};
Line(6) = {6, 7};
Line(7) = {7, 8};
Line(8) = {8, 9};
Line(9) = {9, 1};
Circle(10) = {9, 10, 11};
Circle(11) = {11, 10, 12};
Curve Loop(1) = {1, 2, 3, -11, -10, 9};
Plane Surface(1) = {1};
Curve Loop(2) = {4, 5, 6, 7, 8, 10, 11};
Plane Surface(2) = {2};
Physical Surface("tumour") = {1};
Physical Surface("liver") = {2};
Physical Curve("active") = {1, 2};
Physical Curve("shaft") = {3, 4};
Physical Curve("body") = {5, 6, 7};
Physical Curve("axis") = {8, 9};
